import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { TestEnvironment } from '../../dev/testEnvironment/testEnvironment.mts';
import { startHeadlessEnvironment } from '../support/headlessEnvironment.mts';
import { getOutput } from '../../dev/lab/index.mts';
import { EVENT_TYPES } from '../../nodes/shared/events/eventTypes.ts';
import { post } from './harness/post.mts';
import { RESULT_NODE, createTriggerWorkflow } from '../../dev/testEnvironment/triggerWorkflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const ID = 'delivery';
const TIMEOUT = { timeoutMs: 30_000 };
let environment: TestEnvironment;
let url: string;
let secret: string;
let finishedCount = 0;

dumpOnFailure(() => environment);

beforeAll(async () => {
	environment = await startHeadlessEnvironment({
		n8n: { workflows: [createTriggerWorkflow(ID, { events: ['*'] })] },
	});
	await environment.n8n.workflows.publish(ID);
	({ url, secret } = environment.simulator.webhooks()[0]!);
});
afterAll(async () => await environment?.close());

/** Returns the results of the executions since the last call, the oldest first. */
async function getNewResults(count: number) {
	const { executions } = environment.n8n;
	const all = await executions.waitFor({
		workflowId: ID,
		count: finishedCount + count,
		...TIMEOUT,
	});
	const latest = all.slice(0, all.length - finishedCount).reverse();
	finishedCount = all.length;
	return await Promise.all(
		latest.map(async ({ id, status }) => ({
			status,
			items: getOutput(await executions.get(id), RESULT_NODE).map(({ json }) => json),
		})),
	);
}

const sign = (body: string, key = secret) =>
	`sha256=${createHmac('sha256', key).update(body).digest('hex')}`;

describe('an event delivered to a real n8n', () => {
	it.each(EVENT_TYPES.map(({ type }) => type))(
		'of type %s starts one execution with the unchanged event',
		async (type) => {
			const { event } = environment.simulator.emit(type);
			const { state, attempts } = await environment.simulator.waitForDelivery(event.id, TIMEOUT);
			expect(state).toBe('delivered');
			expect(attempts).toMatchObject([{ status: 200, responseBody: 'OK' }]);
			expect(await getNewResults(1)).toEqual([{ status: 'success', items: [event] }]);
		},
	);

	it('keeps all characters and numbers', async () => {
		const data = {
			text: 'Ω 目 \u2028 "quoted" \\ 👁',
			number: 1e-7,
			big: 9007199254740991,
			empty: {},
			list: [null],
		};
		const { event } = environment.simulator.emit('session.completed', { data });
		await environment.simulator.waitForDelivery(event.id, TIMEOUT);
		expect(await getNewResults(1)).toEqual([{ status: 'success', items: [event] }]);
	});
});

describe('a request with an invalid signature gets 401 and starts no execution', () => {
	const body = JSON.stringify({ id: 'evt_forged', type: 'session.completed', data: {} });

	it.each<[string, () => Record<string, string>]>([
		['with a wrong signature', () => ({ 'X-MindPeeker-Signature': sign(body, 'another') })],
		['without a signature', () => ({})],
		['with a truncated signature', () => ({ 'X-MindPeeker-Signature': sign(body).slice(0, -1) })],
		['with the signature of another body', () => ({ 'X-MindPeeker-Signature': sign(`${body} `) })],
		// A key of one zero byte results in the same HMAC as an empty key.
		['with an empty secret', () => ({ 'X-MindPeeker-Signature': sign(body, '\0') })],
		['without a content type', () => ({ 'Content-Type': '', 'X-MindPeeker-Signature': sign('') })],
	])('%s', async (_, headers) => {
		expect(await post(url, body, headers())).toEqual({ status: 401, text: 'Invalid signature' });
	});

	it('with a multipart body, which n8n has consumed', async () => {
		const multipart = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n';
		const headers = {
			'Content-Type': 'multipart/form-data; boundary=x',
			'X-MindPeeker-Signature': sign(multipart),
		};
		expect(await post(url, multipart, headers)).toEqual({ status: 401, text: 'Invalid signature' });
	});

	it('does not appear in the list of executions', async () => {
		const { event } = environment.simulator.emit('session.completed');
		await environment.simulator.waitForDelivery(event.id, TIMEOUT);
		expect(await getNewResults(1)).toEqual([{ status: 'success', items: [event] }]);
	});

	it('gets 400 if the signature is valid but the body is not an event', async () => {
		const response = await post(url, '[]', { 'X-MindPeeker-Signature': sign('[]') });
		expect(response).toEqual({ status: 400, text: 'Not a MindPeeker event' });
	});
});

describe('a restart of n8n', () => {
	it('keeps the webhook and still receives events', async () => {
		const before = environment.simulator.webhooks();
		await environment.n8n.restart();
		expect(environment.simulator.webhooks()).toEqual(before);
		const { event } = environment.simulator.emit('session.completed');
		await environment.simulator.waitForDelivery(event.id, TIMEOUT);
		expect(await getNewResults(1)).toEqual([{ status: 'success', items: [event] }]);
	});
});
