import { describe, expect, it } from '@jest/globals';

import { EVENT_TYPES, type JsonValue } from '../../nodes/shared/events/index.ts';
import { ATTEMPT_DELAYS_MS } from '../../simulator/delivery/schedule.mts';
import { signatureOf } from '../../simulator/delivery/signing.mts';
import { codesOf, jsonAfter, tableAfter } from './harness/apiPage.mts';
import { callApi } from '../support/api.mts';
import { simulate, stage } from './harness/world.mts';

const UNIT_MS: Record<string, number> = { s: 1_000, min: 60_000, h: 3_600_000 };
const DOCUMENTED = ['session.completed', 'analysis.completed', 'dowsing.query_completed'];

function sampleOf(type: string) {
	return EVENT_TYPES.find((event) => event.type === type)?.sample ?? {};
}

/** The values of a payload by their paths; a list is one value. */
function flatten(value: JsonValue, path = ''): Record<string, JsonValue> {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return { [path]: value };
	return Object.assign(
		{},
		...Object.entries(value).map(([key, inner]) => flatten(inner, path ? `${path}.${key}` : key)),
	);
}

describe('the catalogue of events', () => {
	it('has the types of the page, in its order', () => {
		const types = tableAfter('### Types').flatMap(([type]) => codesOf(type));
		expect(types).toHaveLength(20);
		expect(EVENT_TYPES.map(({ type }) => type)).toEqual(types);
	});

	it.each(DOCUMENTED)('has a sample of %s with the documented fields and examples', (type) => {
		const rows = tableAfter(`\n\`${type}\`:`);
		const documented = rows.map(([field, , example]) => [
			codesOf(field)[0],
			JSON.parse(codesOf(example)[0] ?? ''),
		]);
		expect(flatten(sampleOf(type))).toEqual(Object.fromEntries(documented));
	});

	it('has samples of all other types with the chosen fields', () => {
		const rows = tableAfter('### Chosen payloads');
		const chosen = rows.map(([type, fields]) => [codesOf(type)[0], codesOf(fields).sort()]);
		const others = EVENT_TYPES.filter(({ type }) => !DOCUMENTED.includes(type));
		expect(Object.fromEntries(chosen)).toEqual(
			Object.fromEntries(others.map(({ type, sample }) => [type, Object.keys(sample).sort()])),
		);
	});
});

describe('the simulator', () => {
	it('signs to the check value', () => {
		const [[secret, body, header] = []] = tableAfter('Check value:');
		const [signature] = codesOf(header);
		expect(signature).toMatch(/^sha256=[0-9a-f]{64}$/);
		expect(signatureOf(Buffer.from(codesOf(body)[0] ?? ''), codesOf(secret)[0] ?? '')).toBe(
			signature,
		);
	});

	it('sends the check value over the wire', async () => {
		const [[secret, body, header] = []] = tableAfter('Check value:');
		const { simulator, receiver } = await stage();
		const { body: webhook } = await callApi(simulator, 'POST', '/webhooks', {
			url: receiver.url,
			events: ['session.completed'],
			secret: codesOf(secret)[0],
		});
		simulator.emitRaw({ webhookId: webhook.id, body: codesOf(body)[0] ?? '' });
		await simulator.idle();
		expect(receiver.received[0]?.body.toString()).toBe(codesOf(body)[0]);
		expect(receiver.received[0]?.headers['x-mindpeeker-signature']).toBe(codesOf(header)[0]);
	});

	it('attempts on the schedule of the page', () => {
		const delays = tableAfter('Seven attempts').map(([, delay = '']) => {
			const [amount, unit = ''] = delay.split(' ');
			return Number(amount) * (UNIT_MS[unit] ?? NaN);
		});
		expect(delays).toHaveLength(7);
		expect(ATTEMPT_DELAYS_MS).toEqual(delays);
	});

	it('sends events with the fields of the envelope, in their order and types', async () => {
		const { simulator, receiver } = await stage();
		simulator.emit('session.completed');
		await simulator.idle();
		const documented = Object.entries(jsonAfter('### Envelope') as object);
		const sent = Object.entries(receiver.events()[0] ?? {});
		expect(sent.map(([name]) => name)).toEqual(documented.map(([name]) => name));
		expect(sent.map(([, value]) => typeof value)).toEqual(documented.map(([, v]) => typeof v));
	});

	const routes = ['## 4. Management', '## 5. The rest']
		.flatMap((section) => tableAfter(section))
		.flatMap(([call]) => codesOf(call));

	it('is held against all ten calls of the page', () => {
		expect(routes).toHaveLength(10);
	});

	it.each(routes)('serves %s', async (route) => {
		const [method = '', path = ''] = route.split(' ');
		const simulator = await simulate();
		const { body } = await callApi(simulator, method, path.replace('{id}', 'none'));
		expect(body.error?.message ?? '').not.toBe('There is no such route');
	});

	it('has no route that the page does not have, such as /dowsing', async () => {
		const simulator = await simulate();
		const { status, body } = await callApi(simulator, 'GET', '/dowsing');
		expect(status).toBe(404);
		expect(body.error.message).toBe('There is no such route');
	});

	it('names errors as the page does', async () => {
		const simulator = await simulate();
		for (const [status, code] of tableAfter('### Errors')) {
			simulator.faults.add({ on: 'api', kind: 'answer', status: Number(status) });
			const answer = await callApi(simulator, 'GET', '/webhooks');
			expect(answer).toMatchObject({
				status: Number(status),
				body: { error: { code: codesOf(code)[0] } },
			});
		}
		expect(simulator.requests()).toHaveLength(7);
	});
});
