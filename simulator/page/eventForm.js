/** @import { EventType } from '../../nodes/shared/events/eventTypes.ts' */
import { callControlApi, showOutcome } from './controlApi.js';
import { createElement, getById } from './dom.js';

const form = getById('event-form', HTMLFormElement);
const select = getById('event-type', HTMLSelectElement);
const description = getById('event-description', HTMLElement);
const data = getById('event-data', HTMLTextAreaElement);
const livemode = getById('event-livemode', HTMLInputElement);
const outcome = getById('event-outcome', HTMLElement);

/** @type {Map<string, EventType>} */
const types = new Map();
/** The edited data of each type. @type {Map<string, string>} */
const drafts = new Map();

export async function initEventForm() {
	select.addEventListener('change', showSelected);
	data.addEventListener('input', () => {
		drafts.set(select.value, data.value);
		data.removeAttribute('aria-invalid');
	});
	getById('event-sample', HTMLButtonElement).addEventListener('click', () => {
		drafts.delete(select.value);
		showSelected();
	});
	form.addEventListener('submit', (event) => {
		event.preventDefault();
		void showOutcome(outcome, send);
	});
	await showOutcome(outcome, async () => {
		const response = await callControlApi('GET', '/event-types');
		addOptions(response.data);
		return '';
	});
}

/** @param {EventType[]} eventTypes */
function addOptions(eventTypes) {
	/** @type {Map<string, HTMLOptGroupElement>} */
	const groups = new Map();
	for (const eventType of eventTypes) {
		const { type } = eventType;
		types.set(type, eventType);
		const resource = type.split('.')[0] ?? '';
		const group = groups.get(resource) ?? createElement('optgroup', { label: resource });
		groups.set(resource, group);
		group.append(createElement('option', { value: type }, type));
	}
	select.replaceChildren(...groups.values());
	showSelected();
}

function showSelected() {
	const selected = types.get(select.value);
	description.textContent = selected?.description ?? '';
	data.value = drafts.get(select.value) ?? JSON.stringify(selected?.sample, null, 2);
	data.removeAttribute('aria-invalid');
}

async function send() {
	const type = select.value;
	const body = { type, payload: readPayload(), livemode: livemode.checked };
	const { event, deliveryIds } = await callControlApi('POST', '/events', body);
	if (deliveryIds.length === 0) return `Not delivered: no active webhook has the type ${type}.`;
	const webhooks = deliveryIds.length === 1 ? '1 webhook' : `${deliveryIds.length} webhooks`;
	return `Sent ${event.id} to ${webhooks}.`;
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
		throw new Error(`Not sent: the data is not valid JSON. ${reason}`);
	}
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
	throw new Error('Not sent: the data must be a JSON object, such as {"status": "completed"}.');
}
