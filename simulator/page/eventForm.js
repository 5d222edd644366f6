/** @import { EventType } from '../../nodes/shared/events/eventType.ts' */
import { control, tellOutcome } from './control.js';
import { byId, element } from './dom.js';

const form = byId('event-form', HTMLFormElement);
const choice = byId('event-type', HTMLSelectElement);
const description = byId('event-description', HTMLElement);
const data = byId('event-data', HTMLTextAreaElement);
const livemode = byId('event-livemode', HTMLInputElement);
const outcome = byId('event-outcome', HTMLElement);

/** @type {Map<string, EventType>} */
const types = new Map();
/** What was edited, by type, so that it survives a look at another type. @type {Map<string, string>} */
const drafts = new Map();

export async function startEventForm() {
	choice.addEventListener('change', showChosen);
	data.addEventListener('input', () => {
		drafts.set(choice.value, data.value);
		data.removeAttribute('aria-invalid');
	});
	byId('event-sample', HTMLButtonElement).addEventListener('click', () => {
		drafts.delete(choice.value);
		showChosen();
	});
	form.addEventListener('submit', (event) => {
		event.preventDefault();
		void tellOutcome(outcome, send);
	});
	await tellOutcome(outcome, async () => {
		const answer = await control('GET', '/event-types');
		offer(answer.data);
		return '';
	});
}

/** @param {EventType[]} known */
function offer(known) {
	/** @type {Map<string, HTMLOptGroupElement>} */
	const groups = new Map();
	for (const eventType of known) {
		const { type } = eventType;
		types.set(type, eventType);
		const subject = type.split('.')[0] ?? '';
		const group = groups.get(subject) ?? element('optgroup', { label: subject });
		groups.set(subject, group);
		group.append(element('option', { value: type }, type));
	}
	choice.replaceChildren(...groups.values());
	showChosen();
}

function showChosen() {
	const chosen = types.get(choice.value);
	description.textContent = chosen?.description ?? '';
	data.value = drafts.get(choice.value) ?? JSON.stringify(chosen?.sample, null, 2);
	data.removeAttribute('aria-invalid');
}

async function send() {
	const type = choice.value;
	const body = { type, payload: readPayload(), livemode: livemode.checked };
	const { event, deliveryIds } = await control('POST', '/events', body);
	if (deliveryIds.length === 0) return `No active webhook chose ${type}, so nobody gets it.`;
	const receivers = deliveryIds.length === 1 ? 'one webhook' : `${deliveryIds.length} webhooks`;
	return `${event.id} is on its way to ${receivers}.`;
}

function readPayload() {
	try {
		return parseObject(data.value);
	} catch (error) {
		data.setAttribute('aria-invalid', 'true');
		data.focus();
		throw error;
	}
}

/** @param {string} text */
function parseObject(text) {
	/** @type {unknown} */
	let value;
	try {
		value = JSON.parse(text);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new Error(`The data is not valid JSON, so nothing was sent. ${reason}`);
	}
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
	throw new Error(
		'The data must be a JSON object, such as {"status": "completed"}, so nothing was sent.',
	);
}
