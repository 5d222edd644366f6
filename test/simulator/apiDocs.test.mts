import { describe, expect, it } from '@jest/globals';

import { EVENT_TYPES } from '../../nodes/shared/events/eventTypes.ts';
import type { JsonValue } from '../../nodes/shared/values.ts';
import { ATTEMPT_DELAYS_MS } from '../../simulator/delivery/retrySchedule.mts';
import { sign } from '../../simulator/service/eventPublisher.mts';
import {
	DOCUMENTED_DELAYS_MS,
	extractCode,
	readJsonAfter,
	readTableAfter,
} from './harness/apiDocs.mts';
import { sendApiRequest } from '../support/api.mts';
import { startTestSimulator, startWithWebhook } from './harness/setup.mts';

const DOCUMENTED = ['session.completed', 'analysis.completed', 'dowsing.query_completed'];

function findSample(type: string) {
	return EVENT_TYPES.find((event) => event.type === type)?.sample ?? {};
}

/** The values of a payload by path. A list is one value. */
function flatten(value: JsonValue, path = ''): Record<string, JsonValue> {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return { [path]: value };
	return Object.assign(
		{},
		...Object.entries(value).map(([key, inner]) => flatten(inner, path ? `${path}.${key}` : key)),
	);
}

describe('the event types', () => {
	it('match the documentation, in its order', () => {
		const types = readTableAfter('### Types').flatMap(([type]) => extractCode(type));
		expect(types).toHaveLength(20);
		expect(EVENT_TYPES.map(({ type }) => type)).toEqual(types);
	});

	it.each(DOCUMENTED)('include a sample of %s with the documented fields and values', (type) => {
		const rows = readTableAfter(`\n\`${type}\`:`);
		const documented = rows.map(([field, , example]) => [
			extractCode(field)[0],
			JSON.parse(extractCode(example)[0] ?? ''),
		]);
		expect(flatten(findSample(type))).toEqual(Object.fromEntries(documented));
	});

	it('include samples of all other types with the chosen fields', () => {
		const rows = readTableAfter('### Chosen payloads');
		const chosen = rows.map(([type, fields]) => [extractCode(type)[0], extractCode(fields).sort()]);
		const others = EVENT_TYPES.filter(({ type }) => !DOCUMENTED.includes(type));
		expect(Object.fromEntries(chosen)).toEqual(
			Object.fromEntries(others.map(({ type, sample }) => [type, Object.keys(sample).sort()])),
		);
	});
});

describe('the simulator', () => {
	it('creates the documented signature', () => {
		const [[secret, body, header] = []] = readTableAfter('Check value:');
		const [signature] = extractCode(header);
		expect(signature).toMatch(/^sha256=[0-9a-f]{64}$/);
		expect(sign(Buffer.from(extractCode(body)[0] ?? ''), extractCode(secret)[0] ?? '')).toBe(
			signature,
		);
	});

	it('sends the documented signature', async () => {
		const [[secret, body, header] = []] = readTableAfter('Check value:');
		const { simulator, receiver } = await startWithWebhook();
		const { body: webhook } = await sendApiRequest(simulator, 'POST', '/webhooks', {
			url: receiver.url,
			events: ['session.completed'],
			secret: extractCode(secret)[0],
		});
		simulator.emitRaw({ webhookId: webhook.id, body: extractCode(body)[0] ?? '' });
		await simulator.waitUntilIdle();
		expect(receiver.received[0]?.body.toString()).toBe(extractCode(body)[0]);
		expect(receiver.received[0]?.headers['x-mindpeeker-signature']).toBe(extractCode(header)[0]);
	});

	it('uses the documented retry schedule', () => {
		expect(DOCUMENTED_DELAYS_MS).toHaveLength(7);
		expect(ATTEMPT_DELAYS_MS).toEqual(DOCUMENTED_DELAYS_MS);
	});

	it('sends the documented fields, in their order and with their types', async () => {
		const { simulator, receiver } = await startWithWebhook();
		simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		const documented = Object.entries(readJsonAfter('### Envelope') as object);
		const sent = Object.entries(receiver.events()[0] ?? {});
		expect(sent.map(([name]) => name)).toEqual(documented.map(([name]) => name));
		expect(sent.map(([, value]) => typeof value)).toEqual(documented.map(([, v]) => typeof v));
	});

	const routes = ['## 4. Management', '## 5. The rest']
		.flatMap((section) => readTableAfter(section))
		.flatMap(([call]) => extractCode(call));

	it('is tested with all ten documented requests', () => {
		expect(routes).toHaveLength(10);
	});

	it.each(routes)('serves %s', async (route) => {
		const [method = '', path = ''] = route.split(' ');
		const simulator = await startTestSimulator();
		const { body } = await sendApiRequest(simulator, method, path.replace('{id}', 'none'));
		expect(body.error?.message ?? '').not.toBe('There is no such route');
	});

	it('has no undocumented route, such as /dowsing', async () => {
		const simulator = await startTestSimulator();
		const { status, body } = await sendApiRequest(simulator, 'GET', '/dowsing');
		expect(status).toBe(404);
		expect(body.error.message).toBe('There is no such route');
	});

	it('uses the documented error codes', async () => {
		const simulator = await startTestSimulator();
		for (const [status, code] of readTableAfter('### Errors')) {
			simulator.faults.add({ on: 'api', kind: 'response', status: Number(status) });
			const response = await sendApiRequest(simulator, 'GET', '/webhooks');
			expect(response).toMatchObject({
				status: Number(status),
				body: { error: { code: extractCode(code)[0] } },
			});
		}
		expect(simulator.requests()).toHaveLength(7);
	});
});
