/** @import { FaultView } from '../http/changeMessages.mts' */
import { callControlApi, showOutcome } from './controlApi.js';
import { createButton, createElement, getById } from './dom.js';
import { createKeyedList } from './keyedList.js';

/** `fault`: the body of `POST /simulator/faults`, without `times` and `probability`. */
const SWITCHES = [
	{ label: 'Lost response', fault: { on: 'delivery', kind: 'lost-response' } },
	{ label: 'Response timeout', fault: { on: 'delivery', kind: 'slow-response' } },
	{ label: 'Lost request', fault: { on: 'delivery', kind: 'drop' } },
	{ label: 'Duplicate', fault: { on: 'delivery', kind: 'duplicate' } },
	{
		label: 'Out of order, up to 5 s late',
		fault: { on: 'delivery', kind: 'reorder', withinMs: 5_000 },
	},
	{
		label: '429 Too Many Requests',
		fault: { on: 'api', kind: 'response', status: 429, retryAfter: 2 },
	},
	{ label: '500 Internal Server Error', fault: { on: 'api', kind: 'response', status: 500 } },
	{ label: 'Connection reset', fault: { on: 'api', kind: 'reset' } },
];

/** @type {Record<string, { times?: number, probability?: number }>} */
const FREQUENCIES = {
	one: { times: 1 },
	three: { times: 3 },
	half: { probability: 0.5 },
	all: { probability: 1 },
};

const frequency = getById('fault-frequency', HTMLSelectElement);
const clearAll = getById('clear-faults', HTMLButtonElement);
const empty = getById('no-faults', HTMLElement);
const outcome = getById('faults-outcome', HTMLElement);

/** @type {readonly FaultView[]} */
let current = [];

const switches = SWITCHES.map(({ label, fault }) => {
	const node = createButton(label, () => void showOutcome(outcome, () => toggle(label, fault)));
	node.setAttribute('role', 'switch');
	getById(`${fault.on}-faults`, HTMLElement).append(node);
	return { node, fault };
});

const renderRows = createKeyedList(getById('faults', HTMLElement), createRow);

clearAll.addEventListener('click', () => {
	void showOutcome(outcome, async () => {
		await callControlApi('DELETE', '/faults');
		getById('faults-title', HTMLElement).focus();
		return 'Cleared all faults.';
	});
});

/** @param {readonly FaultView[]} faults */
export function showFaults(faults) {
	current = faults;
	for (const { node, fault } of switches) {
		node.setAttribute('aria-checked', String(findActive(fault).length > 0));
	}
	renderRows(faults);
	empty.hidden = faults.length > 0;
	clearAll.hidden = faults.length === 0;
}

/**
 * @param {string} label
 * @param {typeof SWITCHES[number]['fault']} fault
 */
async function toggle(label, fault) {
	const active = findActive(fault);
	for (const { id } of active) {
		await callControlApi('DELETE', `/faults/${encodeURIComponent(id)}`);
	}
	if (active.length > 0) return `"${label}" is off.`;
	await callControlApi('POST', '/faults', { ...fault, ...FREQUENCIES[frequency.value] });
	return `"${label}" is on: ${frequency.selectedOptions[0]?.textContent}.`;
}

/**
 * The faults of a switch that are not exhausted.
 *
 * @param {typeof SWITCHES[number]['fault']} wanted
 */
function findActive(wanted) {
	return current.filter(
		({ exhausted, fault }) =>
			!exhausted &&
			fault.on === wanted.on &&
			fault.kind === wanted.kind &&
			(!('status' in fault) || fault.status === wanted.status),
	);
}

/** @param {string} id */
function createRow(id) {
	const description = createElement('code');
	const count = createElement('span', { class: 'count' });
	const clear = createButton('Clear', () => {
		void showOutcome(outcome, async () => {
			await callControlApi('DELETE', `/faults/${encodeURIComponent(id)}`);
			return '';
		});
	});
	/** @param {FaultView} entry */
	const update = ({ fault, timesInjected, exhausted }) => {
		const { on, kind, ...fields } = fault;
		const details = Object.entries(fields).map(
			([name, value]) => `${name} ${JSON.stringify(value)}`,
		);
		description.textContent = [`${on} ${kind}`, ...details].join(', ');
		count.textContent = describeCount(timesInjected) + (exhausted ? ', done' : '');
		clear.setAttribute('aria-label', `Clear ${on} ${kind}`);
	};
	return { node: createElement('li', { class: 'fault' }, description, count, clear), update };
}

/** @param {number} timesInjected */
function describeCount(timesInjected) {
	if (timesInjected === 0) return 'not injected yet';
	return timesInjected === 1 ? 'injected once' : `injected ${timesInjected} times`;
}
