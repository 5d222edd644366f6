/** @import { ShownFault } from '../http/streamMessage.mts' */
import { control, tellOutcome } from './control.js';
import { button, byId, element } from './dom.js';
import { keyedList } from './keyedList.js';

/** What can be switched on; `fault` is as `POST /simulator/faults` takes it, without how often it strikes. */
const SWITCHES = [
	{ label: 'Answer lost', fault: { on: 'delivery', kind: 'lost-answer' } },
	{ label: 'Answer too slow', fault: { on: 'delivery', kind: 'slow-answer' } },
	{ label: 'Dropped on the way', fault: { on: 'delivery', kind: 'drop' } },
	{ label: 'Sent twice', fault: { on: 'delivery', kind: 'duplicate' } },
	{
		label: 'Held back up to 5 s, so out of order',
		fault: { on: 'delivery', kind: 'reorder', withinMs: 5_000 },
	},
	{
		label: 'Answered with 429',
		fault: { on: 'api', kind: 'answer', status: 429, retryAfter: 2 },
	},
	{ label: 'Answered with 500', fault: { on: 'api', kind: 'answer', status: 500 } },
	{ label: 'Connection reset', fault: { on: 'api', kind: 'reset' } },
];

/** @type {Record<string, { times?: number, probability?: number }>} */
const EXTENTS = {
	one: { times: 1 },
	three: { times: 3 },
	half: { probability: 0.5 },
	all: { probability: 1 },
};

const extent = byId('fault-extent', HTMLSelectElement);
const clearAll = byId('clear-faults', HTMLButtonElement);
const none = byId('no-faults', HTMLElement);
const outcome = byId('faults-outcome', HTMLElement);

/** @type {readonly ShownFault[]} */
let current = [];

const switches = SWITCHES.map(({ label, fault }) => {
	const node = button(label, () => void tellOutcome(outcome, () => toggle(label, fault)));
	node.setAttribute('role', 'switch');
	byId(`${fault.on}-faults`, HTMLElement).append(node);
	return { node, fault };
});

const showRows = keyedList(byId('faults', HTMLElement), makeRow);

clearAll.addEventListener('click', () => {
	void tellOutcome(outcome, async () => {
		await control('DELETE', '/faults');
		byId('faults-title', HTMLElement).focus();
		return 'All faults are cleared.';
	});
});

/** @param {readonly ShownFault[]} faults */
export function showFaults(faults) {
	current = faults;
	for (const { node, fault } of switches) {
		node.setAttribute('aria-checked', String(activeOnes(fault).length > 0));
	}
	showRows(faults);
	none.hidden = faults.length > 0;
	clearAll.hidden = faults.length === 0;
}

/**
 * @param {string} label
 * @param {typeof SWITCHES[number]['fault']} fault
 */
async function toggle(label, fault) {
	const active = activeOnes(fault);
	for (const { id } of active) await control('DELETE', `/faults/${encodeURIComponent(id)}`);
	if (active.length > 0) return `"${label}" is off.`;
	await control('POST', '/faults', { ...fault, ...EXTENTS[extent.value] });
	return `"${label}" is on for ${extent.selectedOptions[0]?.textContent}.`;
}

/**
 * The faults of a switch that can still strike.
 *
 * @param {typeof SWITCHES[number]['fault']} wanted
 */
function activeOnes(wanted) {
	return current.filter(
		({ spent, fault }) =>
			!spent &&
			fault.on === wanted.on &&
			fault.kind === wanted.kind &&
			(!('status' in fault) || fault.status === wanted.status),
	);
}

/** @param {string} id */
function makeRow(id) {
	const what = element('code');
	const count = element('span', { class: 'count' });
	const clear = button('Clear', () => {
		void tellOutcome(outcome, async () => {
			await control('DELETE', `/faults/${encodeURIComponent(id)}`);
			return '';
		});
	});
	/** @param {ShownFault} entry */
	const update = ({ fault, struck, spent }) => {
		const { on, kind, ...details } = fault;
		const rest = Object.entries(details).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
		what.textContent = [`${on} ${kind}`, ...rest].join(', ');
		count.textContent = countOf(struck) + (spent ? ', used up' : '');
		clear.setAttribute('aria-label', `Clear ${on} ${kind}`);
	};
	return { node: element('li', { class: 'row' }, what, count, clear), update };
}

/** @param {number} struck */
function countOf(struck) {
	if (struck === 0) return 'not struck yet';
	return struck === 1 ? 'struck once' : `struck ${struck} times`;
}
