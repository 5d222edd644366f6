import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import type { Stage } from '../../dev/testEnvironment/stage.mts';
import { setTestStage } from '../support/testStage.mts';
import { workflowWith } from '../../dev/testEnvironment/workflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const ID = 'record';
/** As late as MindPeeker still takes it. */
const ANSWER_DELAY_MS = 4_000;
let stage: Stage;

dumpOnFailure(() => stage);

beforeAll(async () => {
	const env = {
		EXTERNAL_HOOK_FILES: fileURLToPath(new URL('./harness/slowAnswers.cjs', import.meta.url)),
		ANSWER_DELAY_MS: String(ANSWER_DELAY_MS),
	};
	const workflows = [workflowWith(ID, { events: ['session.completed'] })];
	stage = await setTestStage({ n8n: { workflows, env } });
	await stage.n8n.workflows.publish(ID);
});
afterAll(async () => await stage?.close());

const records = async () => await stage.n8n.database.query('SELECT value FROM processed_data');

it('an event is recorded in the database when MindPeeker has its answer, and no sooner', async () => {
	const { event } = stage.simulator.emit('session.completed');
	await waitFor(async () =>
		expect(await stage.n8n.executions.count({ status: ['running'] })).toBe(1),
	);
	await new Promise((resolve) => setTimeout(resolve, 500));
	expect(await records()).toEqual([]);
	expect(stage.simulator.deliveries()[0]?.state).toBe('pending');

	const { attempts } = await stage.simulator.waitForDelivery(event.id, { timeoutMs: 10_000 });
	expect(attempts).toMatchObject([{ status: 200 }]);
	await stage.n8n.executions.waitFor({ workflowId: ID, count: 1, timeoutMs: 10_000 });
	expect(await records()).toHaveLength(1);
});
