import { describe, expect, it } from '@jest/globals';

import { sendApiRequest, createWebhook } from '../support/api.mts';
import { startTestSimulator } from './harness/setup.mts';

const WEBHOOK = { url: 'https://n8n.example.com/hook', events: ['session.completed'], secret: 's' };
const SESSION = { type: 'remote_viewing', target: 'A lighthouse' };
const ANALYSIS = { target_type: 'location' };

async function expectRejected(path: string, input: unknown, param: string | undefined) {
	const simulator = await startTestSimulator();
	const { status, body } = await sendApiRequest(simulator, 'POST', path, input);
	expect(status).toBe(400);
	expect(body).toEqual({
		error: {
			code: 'invalid_request',
			message: expect.stringMatching(/\S/),
			...(param !== undefined && { param }),
		},
	});
	return { simulator, message: body.error.message };
}

describe('a new webhook', () => {
	it('that is valid is accepted, even with unknown fields', async () => {
		const simulator = await startTestSimulator();
		const { status } = await sendApiRequest(simulator, 'POST', '/webhooks', {
			...WEBHOOK,
			color: 'red',
		});
		expect(status).toBe(201);
	});

	it.each([
		['without a url', { url: undefined }, 'url'],
		['with an invalid url', { url: 'n8n.example.com/hook' }, 'url'],
		['with a url of another scheme', { url: 'ftp://n8n.example.com/' }, 'url'],
		['with a url that is not a string', { url: 7 }, 'url'],
		['without events', { events: undefined }, 'events'],
		['with no event', { events: [] }, 'events'],
		['with events that are not a list', { events: 'session.completed' }, 'events'],
		['with an unknown event', { events: ['session.completed', 'session.done'] }, 'events[1]'],
		['with a wildcard', { events: ['*'] }, 'events[0]'],
		['with an event that is not a string', { events: [null] }, 'events[0]'],
		['without a secret', { secret: undefined }, 'secret'],
		['with an empty secret', { secret: '' }, 'secret'],
		['with a secret that is not a string', { secret: 12 }, 'secret'],
		['with active as a string', { active: 'true' }, 'active'],
	])('%s is rejected', async (_name, broken, param) => {
		const { simulator } = await expectRejected('/webhooks', { ...WEBHOOK, ...broken }, param);
		expect(simulator.webhooks()).toEqual([]);
	});

	it('is rejected with an explanation', async () => {
		const { message } = await expectRejected(
			'/webhooks',
			{ ...WEBHOOK, events: ['x'] },
			'events[0]',
		);
		expect(message).toBe('events[0] is not an event type');
	});

	it.each([
		['a list', []],
		['a string', 'webhook'],
		['null', null],
		['missing', undefined],
	])('that is %s is rejected', async (_name, input) => {
		await expectRejected('/webhooks', input, undefined);
	});

	it('that is not JSON is rejected', async () => {
		const { baseUrl, apiKey } = await startTestSimulator();
		const response = await fetch(`${baseUrl}/webhooks`, {
			method: 'POST',
			headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
			body: '{"url":',
		});
		expect(response.status).toBe(400);
		expect(await response.json()).toMatchObject({ error: { code: 'invalid_request' } });
	});
});

describe('a change of a webhook', () => {
	it.each([
		['to no events', { events: [] }, 'events'],
		['to an unknown event', { events: ['x'] }, 'events[0]'],
		['to active as a number', { active: 1 }, 'active'],
	])('%s is rejected', async (_name, changes, param) => {
		const simulator = await startTestSimulator();
		const id = await createWebhook(simulator, WEBHOOK.url);
		const before = simulator.webhooks();
		const { status, body } = await sendApiRequest(simulator, 'PATCH', `/webhooks/${id}`, changes);
		expect(status).toBe(400);
		expect(body.error).toMatchObject({ code: 'invalid_request', param });
		expect(simulator.webhooks()).toEqual(before);
	});
});

describe('a page of webhooks', () => {
	it.each(['0', '101', '-1', '1.5', 'ten', ''])('of %j is rejected', async (limit) => {
		const simulator = await startTestSimulator();
		const { status, body } = await sendApiRequest(simulator, 'GET', `/webhooks?limit=${limit}`);
		expect(status).toBe(400);
		expect(body.error).toMatchObject({ code: 'invalid_request', param: 'limit' });
	});

	it('with an invalid cursor is rejected', async () => {
		const simulator = await startTestSimulator();
		const { status, body } = await sendApiRequest(simulator, 'GET', '/webhooks?cursor=wh_1');
		expect(status).toBe(400);
		expect(body.error).toMatchObject({ code: 'invalid_request', param: 'cursor' });
	});
});

describe('a test of a webhook', () => {
	it.each([
		['with an unknown type', { event_type: 'x' }, 'event_type'],
		['with data that is not an object', { test_data: [1] }, 'test_data'],
	])('%s is rejected', async (_name, input, param) => {
		const simulator = await startTestSimulator();
		const id = await createWebhook(simulator, WEBHOOK.url);
		const { status, body } = await sendApiRequest(simulator, 'POST', `/webhooks/${id}/test`, input);
		expect(status).toBe(400);
		expect(body.error).toMatchObject({ code: 'invalid_request', param });
		expect(simulator.deliveries()).toEqual([]);
	});
});

describe('a session', () => {
	it.each([
		['without a type', { type: undefined }, 'type'],
		['of an unknown type', { type: 'telepathy' }, 'type'],
		['without a target', { target: undefined }, 'target'],
		['with an empty target', { target: '' }, 'target'],
		['of an unknown modality', { modality: 'olfactory' }, 'modality'],
		['without duration', { duration_minutes: 0 }, 'duration_minutes'],
		['of more than a day', { duration_minutes: 1441 }, 'duration_minutes'],
		['with a duration as a string', { duration_minutes: '5' }, 'duration_minutes'],
		['with an unknown privacy level', { privacy_level: 'secret' }, 'privacy_level'],
	])('%s is rejected', async (_name, broken, param) => {
		await expectRejected('/sessions', { ...SESSION, ...broken }, param);
	});
});

describe('an analysis', () => {
	it.each([
		['without a target type', { target_type: undefined }, 'target_type'],
		['of an unknown target type', { target_type: 'dream' }, 'target_type'],
		['of an unknown type', { analysis_type: 'slow' }, 'analysis_type'],
		['of an unknown priority', { priority: 'whenever' }, 'priority'],
		['with material that is not an object', { reference_material: 'x' }, 'reference_material'],
		[
			'with a photo that is not a string',
			{ reference_material: { photos: [1] } },
			'reference_material.photos[0]',
		],
	])('%s is rejected', async (_name, broken, param) => {
		await expectRejected('/analysis/targets', { ...ANALYSIS, ...broken }, param);
	});
});
