import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { sign } from '../../nodes/shared/signature.ts';
import { credentialFor, type Stage } from '../../dev/testEnvironment/stage.mts';
import { setTestStage } from '../support/testStage.mts';
import { workflowWith } from '../../dev/testEnvironment/workflow.mts';
import { post } from './harness/post.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const ID = 'rotation';
const CREDENTIAL_ID = 'rotated';
const PAUSE_MS = 50;
const [OLD, NEW] = ['the old secret', 'the new secret'];
const FORGED = '{"id":"evt_forged","type":"session.completed","data":{}}';
let stage: Stage;

dumpOnFailure(() => stage);

beforeAll(async () => {
	stage = await setTestStage();
	await stage.n8n.credentials.import(credentialWith({ signingSecret: OLD }));
	const credentials = { mindPeekerApi: { id: CREDENTIAL_ID, name: 'MindPeeker' } };
	await stage.n8n.workflows.import(
		workflowWith(ID, { events: ['session.completed'] }, credentials),
	);
	await stage.n8n.workflows.publish(ID);
});
afterAll(async () => await stage?.close());

const credentialWith = (secrets: Record<string, string>) => ({
	...credentialFor(stage.simulator, secrets),
	id: CREDENTIAL_ID,
});

describe('a signing secret that is changed while events flow', () => {
	it('refuses none that either secret has signed, and then what the old one has', async () => {
		const { n8n, simulator } = stage;
		const stopped = new AbortController();
		const flow = (async () => {
			while (!stopped.signal.aborted) {
				simulator.emit('session.completed');
				await sleep(PAUSE_MS);
			}
		})();
		const secretInUse = () => simulator.webhooks()[0]?.secret;

		await sleep(500);
		const both = { signingSecret: NEW, previousSigningSecret: OLD };
		await n8n.credentials.update(CREDENTIAL_ID, credentialWith(both));
		await sleep(500);
		expect(secretInUse()).toBe(OLD);
		await n8n.workflows.unpublish(ID);
		await n8n.workflows.publish(ID);
		expect(secretInUse()).toBe(NEW);
		await sleep(500);
		await n8n.credentials.update(CREDENTIAL_ID, credentialWith({ signingSecret: NEW }));
		await sleep(500);
		const { url } = simulator.webhooks()[0]!;
		const [body, signature] = [FORGED, sign(Buffer.from(FORGED), OLD)];
		const forgery = await post(url, body, { 'X-MindPeeker-Signature': signature });
		stopped.abort();
		await flow;
		await simulator.idle();
		expect(forgery.status).toBe(401);

		const deliveries = simulator.deliveries();
		expect(deliveries.length).toBeGreaterThan(30);
		// In the moment between the two there is no webhook: what n8n answers 404 then has no retry. What a busy n8n
		// does not answer in time is delivered again, and no refusal.
		const answers = deliveries.flatMap(({ attempts }) => attempts.map(({ status }) => status));
		expect(answers.filter((status) => ![200, 404, null].includes(status))).toEqual([]);
		const refused = deliveries.filter(
			({ state }) => state !== 'delivered' && state !== 'cancelled',
		);
		expect(refused).toEqual([]);
	});
});
