import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import type { TestEnvironment } from '../../dev/testEnvironment/testEnvironment.mts';
import { startHeadlessEnvironment } from '../support/headlessEnvironment.mts';
import { getOutput } from '../../dev/lab/index.mts';
import { RESULT_NODE, createTriggerWorkflow } from '../../dev/testEnvironment/triggerWorkflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const ID = 'deduplication';
const SLOW = 'slow';
/** Just below MindPeeker's timeout. */
const RESPONSE_DELAY_MS = 4_000;
const TIMEOUT = { timeoutMs: 30_000 };
let environment: TestEnvironment;

dumpOnFailure(() => environment);

beforeAll(async () => {
	const simulator = { timeFactor: 20 };
	const workflows = [
		createTriggerWorkflow(ID, { events: ['session.completed'] }),
		createTriggerWorkflow(SLOW, { events: ['analysis.completed'] }),
	];
	const env = {
		EXTERNAL_HOOK_FILES: fileURLToPath(new URL('./harness/slowResponses.cjs', import.meta.url)),
		RESPONSE_DELAY_MS: String(RESPONSE_DELAY_MS),
		SLOW_WEBHOOK: `/webhook/${SLOW}-webhook/`,
	};
	environment = await startHeadlessEnvironment({ simulator, n8n: { workflows, env } });
	for (const { id } of workflows) await environment.n8n.workflows.publish(id);
});
afterAll(async () => await environment?.close());

/** Emits an event and waits until MindPeeker has delivered it. */
async function deliver(id: string): Promise<void> {
	environment.simulator.emit('session.completed', { id });
	const emitted = environment.simulator.deliveries({ eventId: id }).length;
	expect(emitted).toBeGreaterThan(0);
	const isDelivered = (it: { eventId: string; state: string }) =>
		it.eventId === id && it.state === 'delivered';
	await waitFor(() =>
		expect(environment.simulator.deliveries({ eventId: id }).filter(isDelivered)).toHaveLength(
			emitted,
		),
	);
}

/** Returns the event IDs that reached the last node of each execution, the oldest first. */
async function getProcessedEvents(count: number): Promise<unknown[][]> {
	const ended = await environment.n8n.executions.waitFor({ workflowId: ID, count, ...TIMEOUT });
	const all = await Promise.all(
		ended.reverse().map(({ id }) => environment.n8n.executions.get(id)),
	);
	return all.map((execution) => getOutput(execution, RESULT_NODE).map(({ json }) => json.id));
}

describe('an event that MindPeeker delivers again', () => {
	it('after a lost response starts one execution', async () => {
		environment.simulator.faults.add({ on: 'delivery', kind: 'lost-response', times: 2 });
		await deliver('evt_lost');
		expect(environment.simulator.deliveries({ eventId: 'evt_lost' })[0]?.attempts).toHaveLength(3);
		expect(await getProcessedEvents(1)).toEqual([['evt_lost']]);
	});

	it('ten times at once starts one execution', async () => {
		environment.simulator.faults.add({ on: 'delivery', kind: 'duplicate', copies: 9 });
		await deliver('evt_duplicates');
		await environment.simulator.waitUntilIdle();
		const [delivery] = environment.simulator.deliveries({ eventId: 'evt_duplicates' });
		expect(delivery?.attempts.map(({ status }) => status)).toEqual(new Array(10).fill(200));
		expect(await getProcessedEvents(2)).toEqual([['evt_lost'], ['evt_duplicates']]);
	});

	it('after a restart of n8n runs no node after the trigger', async () => {
		await environment.n8n.restart();
		await deliver('evt_lost');
		await deliver('evt_new');
		expect(await getProcessedEvents(4)).toEqual([
			['evt_lost'],
			['evt_duplicates'],
			[],
			['evt_new'],
		]);
	});
});

it('an event is recorded in the database only after MindPeeker has the response', async () => {
	const { n8n, simulator } = environment;
	const readRecords = async () =>
		await n8n.database.query(`SELECT value FROM processed_data WHERE "workflowId" = '${SLOW}'`);
	const { event } = simulator.emit('analysis.completed');
	const running = { workflowId: SLOW, status: ['running' as const] };
	await waitFor(async () => expect(await n8n.executions.count(running)).toBe(1));
	await new Promise((resolve) => setTimeout(resolve, 500));
	expect(await readRecords()).toEqual([]);
	expect(simulator.deliveries({ eventId: event.id })[0]?.state).toBe('pending');

	const { attempts } = await simulator.waitForDelivery(event.id, TIMEOUT);
	expect(attempts).toMatchObject([{ status: 200 }]);
	await n8n.executions.waitFor({ workflowId: SLOW, count: 1, ...TIMEOUT });
	expect(await readRecords()).toHaveLength(1);
});
