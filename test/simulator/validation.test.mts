import { describe, expect, it } from '@jest/globals';

import { callApi, register } from '../support/api.mts';
import { simulate } from './harness/world.mts';

const WEBHOOK = { url: 'https://n8n.example.com/hook', events: ['session.completed'], secret: 's' };
const SESSION = { type: 'remote_viewing', target: 'A lighthouse' };
const ANALYSIS = { target_type: 'location' };

async function expectRefused(path: string, input: unknown, param: string | undefined) {
	const simulator = await simulate();
	const { status, body } = await callApi(simulator, 'POST', path, input);
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
	it('that is valid is accepted, with fields that are not known', async () => {
		const simulator = await simulate();
		const { status } = await callApi(simulator, 'POST', '/webhooks', { ...WEBHOOK, colour: 'red' });
		expect(status).toBe(201);
	});

	it.each([
		['without a url', { url: undefined }, 'url'],
		['with a url that is none', { url: 'n8n.example.com/hook' }, 'url'],
		['with a url of another scheme', { url: 'ftp://n8n.example.com/' }, 'url'],
		['with a url that is no text', { url: 7 }, 'url'],
		['without events', { events: undefined }, 'events'],
		['with no event', { events: [] }, 'events'],
		['with events that are no list', { events: 'session.completed' }, 'events'],
		['with an unknown event', { events: ['session.completed', 'session.done'] }, 'events[1]'],
		['with a wildcard', { events: ['*'] }, 'events[0]'],
		['with an event that is no text', { events: [null] }, 'events[0]'],
		['without a secret', { secret: undefined }, 'secret'],
		['with an empty secret', { secret: '' }, 'secret'],
		['with a secret that is no text', { secret: 12 }, 'secret'],
		['with active as a text', { active: 'true' }, 'active'],
	])('%s is refused', async (_name, broken, param) => {
		const { simulator } = await expectRefused('/webhooks', { ...WEBHOOK, ...broken }, param);
		expect(simulator.webhooks()).toEqual([]);
	});

	it('is told what is wrong', async () => {
		const { message } = await expectRefused(
			'/webhooks',
			{ ...WEBHOOK, events: ['x'] },
			'events[0]',
		);
		expect(message).toBe('events[0] is not the name of an event');
	});

	it.each([
		['a list', []],
		['a text', 'webhook'],
		['null', null],
		['nothing', undefined],
	])('that is %s is refused', async (_name, input) => {
		await expectRefused('/webhooks', input, undefined);
	});

	it('that is not JSON is refused', async () => {
		const { baseUrl, apiKey } = await simulate();
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
	])('%s is refused', async (_name, changes, param) => {
		const simulator = await simulate();
		const id = await register(simulator, WEBHOOK.url);
		const before = simulator.webhooks();
		const { status, body } = await callApi(simulator, 'PATCH', `/webhooks/${id}`, changes);
		expect(status).toBe(400);
		expect(body.error).toMatchObject({ code: 'invalid_request', param });
		expect(simulator.webhooks()).toEqual(before);
	});
});

describe('a page of webhooks', () => {
	it.each(['0', '101', '-1', '1.5', 'ten', ''])('of %j is refused', async (limit) => {
		const simulator = await simulate();
		const { status, body } = await callApi(simulator, 'GET', `/webhooks?limit=${limit}`);
		expect(status).toBe(400);
		expect(body.error).toMatchObject({ code: 'invalid_request', param: 'limit' });
	});

	it('after a cursor that no page gave is refused', async () => {
		const simulator = await simulate();
		const { status, body } = await callApi(simulator, 'GET', '/webhooks?cursor=wh_1');
		expect(status).toBe(400);
		expect(body.error).toMatchObject({ code: 'invalid_request', param: 'cursor' });
	});
});

describe('a test of a webhook', () => {
	it.each([
		['with an unknown type', { event_type: 'x' }, 'event_type'],
		['with data that is no object', { test_data: [1] }, 'test_data'],
	])('%s is refused', async (_name, input, param) => {
		const simulator = await simulate();
		const id = await register(simulator, WEBHOOK.url);
		const { status, body } = await callApi(simulator, 'POST', `/webhooks/${id}/test`, input);
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
		['with a duration as a text', { duration_minutes: '5' }, 'duration_minutes'],
		['of an unknown privacy', { privacy_level: 'secret' }, 'privacy_level'],
	])('%s is refused', async (_name, broken, param) => {
		await expectRefused('/sessions', { ...SESSION, ...broken }, param);
	});
});

describe('an analysis', () => {
	it.each([
		['without a target type', { target_type: undefined }, 'target_type'],
		['of an unknown target type', { target_type: 'dream' }, 'target_type'],
		['of an unknown type', { analysis_type: 'slow' }, 'analysis_type'],
		['of an unknown priority', { priority: 'whenever' }, 'priority'],
		['with material that is no object', { reference_material: 'x' }, 'reference_material'],
		[
			'with a photo that is no text',
			{ reference_material: { photos: [1] } },
			'reference_material.photos[0]',
		],
	])('%s is refused', async (_name, broken, param) => {
		await expectRefused('/analysis/targets', { ...ANALYSIS, ...broken }, param);
	});
});
