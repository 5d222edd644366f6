import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { sign } from '../../nodes/shared/signature.ts';
import {
	createCredential,
	type TestEnvironment,
} from '../../dev/testEnvironment/testEnvironment.mts';
import { startHeadlessEnvironment } from '../support/headlessEnvironment.mts';
import { createTriggerWorkflow } from '../../dev/testEnvironment/triggerWorkflow.mts';
import { post } from './harness/post.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const ID = 'rotation';
const CREDENTIAL_ID = 'rotated';
const PAUSE_MS = 50;
const [OLD, NEW] = ['the old secret', 'the new secret'];
const LATE_EVENT = '{"id":"evt_late","type":"session.completed","data":{}}';
let environment: TestEnvironment;

dumpOnFailure(() => environment);

beforeAll(async () => {
	environment = await startHeadlessEnvironment();
	await environment.n8n.credentials.import(createRotatedCredential({ signingSecret: OLD }));
	const credentials = { mindPeekerApi: { id: CREDENTIAL_ID, name: 'MindPeeker' } };
	await environment.n8n.workflows.import(
		createTriggerWorkflow(ID, { events: ['session.completed'] }, credentials),
	);
	await environment.n8n.workflows.publish(ID);
});
afterAll(async () => await environment?.close());

const createRotatedCredential = (secrets: Record<string, string>) => ({
	...createCredential(environment.simulator, secrets),
	id: CREDENTIAL_ID,
});

describe('a signing secret that is rotated while events arrive', () => {
	it('accepts both secrets during the rotation, and rejects the old one afterwards', async () => {
		const { n8n, simulator } = environment;
		const stop = new AbortController();
		const emitting = (async () => {
			while (!stop.signal.aborted) {
				simulator.emit('session.completed');
				await sleep(PAUSE_MS);
			}
		})();
		const getRegisteredSecret = () => simulator.webhooks()[0]?.secret;

		await sleep(500);
		const both = { signingSecret: NEW, previousSigningSecret: OLD };
		await n8n.credentials.update(CREDENTIAL_ID, createRotatedCredential(both));
		await sleep(500);
		expect(getRegisteredSecret()).toBe(OLD);
		await n8n.workflows.unpublish(ID);
		await n8n.workflows.publish(ID);
		expect(getRegisteredSecret()).toBe(NEW);
		await sleep(500);
		await n8n.credentials.update(CREDENTIAL_ID, createRotatedCredential({ signingSecret: NEW }));
		await sleep(500);
		const { url } = simulator.webhooks()[0]!;
		const [body, signature] = [LATE_EVENT, sign(Buffer.from(LATE_EVENT), OLD)];
		const late = await post(url, body, { 'X-MindPeeker-Signature': signature });
		stop.abort();
		await emitting;
		await simulator.waitUntilIdle();
		expect(late.status).toBe(401);

		const deliveries = simulator.deliveries();
		expect(deliveries.length).toBeGreaterThan(30);
		// While n8n republishes, it responds with 404, which has no retry. A timeout of a busy n8n is retried.
		const statuses = deliveries.flatMap(({ attempts }) => attempts.map(({ status }) => status));
		expect(statuses.filter((status) => ![200, 404, null].includes(status))).toEqual([]);
		const rejected = deliveries.filter(
			({ state }) => state !== 'delivered' && state !== 'canceled',
		);
		expect(rejected).toEqual([]);
	});
});
