import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Stage } from '../../dev/testEnvironment/stage.mts';
import { setTestStage } from '../support/testStage.mts';
import { outputOf } from '../../dev/lab/index.mts';
import { EVENT_TYPES } from '../../nodes/shared/events/index.ts';
import { post } from './harness/post.mts';
import { LAST_NODE, workflowWith } from '../../dev/testEnvironment/workflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const ID = 'delivery';
const TIMEOUT = { timeoutMs: 30_000 };
let stage: Stage;
let url: string;
let secret: string;
let ended = 0;

dumpOnFailure(() => stage);

beforeAll(async () => {
	stage = await setTestStage({ n8n: { workflows: [workflowWith(ID, { events: ['*'] })] } });
	await stage.n8n.workflows.publish(ID);
	({ url, secret } = stage.simulator.webhooks()[0]!);
});
afterAll(async () => await stage?.close());

/** What the workflow's last node was given in each execution since the last call, the oldest first. */
async function newResults(count: number) {
	const { executions } = stage.n8n;
	const all = await executions.waitFor({ workflowId: ID, count: ended + count, ...TIMEOUT });
	const fresh = all.slice(0, all.length - ended).reverse();
	ended = all.length;
	return await Promise.all(
		fresh.map(async ({ id, status }) => ({
			status,
			items: outputOf(await executions.get(id), LAST_NODE).map(({ json }) => json),
		})),
	);
}

const sign = (body: string, key = secret) =>
	`sha256=${createHmac('sha256', key).update(body).digest('hex')}`;

describe('an event delivered to a real n8n', () => {
	it.each(EVENT_TYPES.map(({ type }) => type))(
		'of type %s starts one execution with exactly what was sent',
		async (type) => {
			const { event } = stage.simulator.emit(type);
			const { state, attempts } = await stage.simulator.waitForDelivery(event.id, TIMEOUT);
			expect(state).toBe('delivered');
			expect(attempts).toMatchObject([{ status: 200, responseBody: 'OK' }]);
			expect(await newResults(1)).toEqual([{ status: 'success', items: [event] }]);
		},
	);

	it('keeps every character and number', async () => {
		const data = {
			text: 'Ω 目 \u2028 "quoted" \\ 👁',
			number: 1e-7,
			big: 9007199254740991,
			empty: {},
			list: [null],
		};
		const { event } = stage.simulator.emit('session.completed', { data });
		await stage.simulator.waitForDelivery(event.id, TIMEOUT);
		expect(await newResults(1)).toEqual([{ status: 'success', items: [event] }]);
	});
});

describe('a request to a real n8n is answered 401 and starts nothing', () => {
	const body = JSON.stringify({ id: 'evt_forged', type: 'session.completed', data: {} });

	it.each<[string, () => Record<string, string>]>([
		['with a wrong signature', () => ({ 'X-MindPeeker-Signature': sign(body, 'another') })],
		['without a signature', () => ({})],
		['with a truncated signature', () => ({ 'X-MindPeeker-Signature': sign(body).slice(0, -1) })],
		[
			'with another body under a good signature',
			() => ({ 'X-MindPeeker-Signature': sign(`${body} `) }),
		],
		// A key of one zero byte gives the same HMAC as an empty one.
		['under an empty secret', () => ({ 'X-MindPeeker-Signature': sign(body, '\0') })],
		['without a content type', () => ({ 'Content-Type': '', 'X-MindPeeker-Signature': sign('') })],
	])('%s', async (_, headers) => {
		expect(await post(url, body, headers())).toEqual({ status: 401, text: 'Invalid signature' });
	});

	it('in several parts, which n8n has consumed', async () => {
		const parts = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n';
		const headers = {
			'Content-Type': 'multipart/form-data; boundary=x',
			'X-MindPeeker-Signature': sign(parts),
		};
		expect(await post(url, parts, headers)).toEqual({ status: 401, text: 'Invalid signature' });
	});

	it('as the list of executions shows', async () => {
		const { event } = stage.simulator.emit('session.completed');
		await stage.simulator.waitForDelivery(event.id, TIMEOUT);
		expect(await newResults(1)).toEqual([{ status: 'success', items: [event] }]);
	});

	it('and one that is signed but no event is answered 400', async () => {
		const answer = await post(url, '[]', { 'X-MindPeeker-Signature': sign('[]') });
		expect(answer).toEqual({ status: 400, text: 'Not a MindPeeker event' });
	});
});

describe('n8n restarted', () => {
	it('keeps receiving, with the webhook that it had', async () => {
		const before = stage.simulator.webhooks();
		await stage.n8n.restart();
		expect(stage.simulator.webhooks()).toEqual(before);
		const { event } = stage.simulator.emit('session.completed');
		await stage.simulator.waitForDelivery(event.id, TIMEOUT);
		expect(await newResults(1)).toEqual([{ status: 'success', items: [event] }]);
	});
});
