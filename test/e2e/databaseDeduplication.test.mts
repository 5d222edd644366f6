import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import type { TestEnvironment } from '../../dev/testEnvironment/testEnvironment.mts';
import { startHeadlessEnvironment } from '../support/headlessEnvironment.mts';
import { createTriggerWorkflow } from '../../dev/testEnvironment/triggerWorkflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const ID = 'deduplication';
/** Just below MindPeeker's timeout. */
const RESPONSE_DELAY_MS = 4_000;
let environment: TestEnvironment;

dumpOnFailure(() => environment);

beforeAll(async () => {
	const env = {
		EXTERNAL_HOOK_FILES: fileURLToPath(new URL('./harness/slowResponses.cjs', import.meta.url)),
		RESPONSE_DELAY_MS: String(RESPONSE_DELAY_MS),
	};
	const workflows = [createTriggerWorkflow(ID, { events: ['session.completed'] })];
	environment = await startHeadlessEnvironment({ n8n: { workflows, env } });
	await environment.n8n.workflows.publish(ID);
});
afterAll(async () => await environment?.close());

const readRecords = async () =>
	await environment.n8n.database.query('SELECT value FROM processed_data');

it('an event is recorded in the database only after MindPeeker has the response', async () => {
	const { event } = environment.simulator.emit('session.completed');
	await waitFor(async () =>
		expect(await environment.n8n.executions.count({ status: ['running'] })).toBe(1),
	);
	await new Promise((resolve) => setTimeout(resolve, 500));
	expect(await readRecords()).toEqual([]);
	expect(environment.simulator.deliveries()[0]?.state).toBe('pending');

	const { attempts } = await environment.simulator.waitForDelivery(event.id, { timeoutMs: 10_000 });
	expect(attempts).toMatchObject([{ status: 200 }]);
	await environment.n8n.executions.waitFor({ workflowId: ID, count: 1, timeoutMs: 10_000 });
	expect(await readRecords()).toHaveLength(1);
});
