import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { TestEnvironment } from '../../dev/testEnvironment/testEnvironment.mts';
import { startHeadlessEnvironment } from '../support/headlessEnvironment.mts';
import { getOutput } from '../../dev/lab/index.mts';
import {
	RESULT_NODE,
	TRIGGER_NODE,
	createTriggerWorkflow,
} from '../../dev/testEnvironment/triggerWorkflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const ID = 'batches';
const TIMEOUT = { timeoutMs: 30_000 };
let environment: TestEnvironment;

dumpOnFailure(() => environment);

beforeAll(async () => {
	const workflow = createTriggerWorkflow(ID, {
		events: ['session.completed'],
		options: { batchSize: 20, batchWindow: 3_000 },
	});
	// Each item must be paired with its event.
	Object.assign(workflow.nodes[1]!, {
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		parameters: {
			assignments: {
				assignments: [
					{
						id: 'a',
						name: 'from',
						type: 'string',
						value: `={{ $('${TRIGGER_NODE}').item.json.id }}`,
					},
				],
			},
		},
	});
	environment = await startHeadlessEnvironment({
		simulator: { timeFactor: 20 },
		// Without an isolate per request, a slow machine can receive the burst within the window.
		n8n: { workflows: [workflow], env: { N8N_EXPRESSION_ENGINE: 'legacy' } },
	});
	await environment.n8n.workflows.publish(ID);
});
afterAll(async () => await environment?.close());

/** Returns the event IDs of the items in each execution, the oldest first. */
async function getBatches(count: number): Promise<unknown[][]> {
	const ended = await environment.n8n.executions.waitFor({ workflowId: ID, count, ...TIMEOUT });
	const all = await Promise.all(
		ended.reverse().map(({ id }) => environment.n8n.executions.get(id)),
	);
	return all.map((execution) => getOutput(execution, RESULT_NODE).map(({ json }) => json.from));
}
const emit = (count: number) =>
	Array.from({ length: count }, () => environment.simulator.emit('session.completed').event.id);

describe('a burst of events in a real n8n', () => {
	it('starts one execution with an item per event, and all deliveries get 200', async () => {
		const ids = emit(20);
		await environment.simulator.waitUntilIdle();
		const attempts = environment.simulator.deliveries().map((delivery) => delivery.attempts);
		expect(attempts.map((all) => all.map(({ status }) => status))).toEqual(
			new Array(20).fill([200]),
		);
		const [batch] = await getBatches(1);
		expect([...batch!].sort()).toEqual([...ids].sort());
	});

	it('starts one execution even if the sender of the first event has disconnected', async () => {
		const disconnect = { kind: 'slow-response', afterMs: 300, hangUp: true } as const;
		environment.simulator.faults.add({ on: 'delivery', ...disconnect, times: 1 });
		const [first, ...others] = emit(5);
		await environment.simulator.waitUntilIdle();
		const [delivery] = environment.simulator.deliveries({ eventId: first });
		expect(delivery?.attempts.map(({ status }) => status)).toEqual([null, 200]);
		const batch = (await getBatches(2))[1]!;
		expect([...batch].sort()).toEqual([first, ...others].sort());
		expect(await environment.n8n.executions.count({ workflowId: ID })).toBe(2);
	});

	it('drops an event that was accepted before a restart', async () => {
		const [duplicate] = (await getBatches(2))[0]!;
		await environment.n8n.restart();
		environment.simulator.emit('session.completed', { id: String(duplicate) });
		const [newEvent] = emit(1);
		await environment.simulator.waitUntilIdle();
		expect((await getBatches(3))[2]).toEqual([newEvent]);
	});
});

describe("n8n's log", () => {
	it('has a line per delivery, and one for the duplicate found in the database', () => {
		const lines = environment.n8n.log.filter((line) => line.startsWith('MindPeeker Trigger: '));
		const accepted = lines.filter((line) => line.includes(': accepted: session.completed evt_'));
		expect(accepted).toHaveLength(27);
		expect(lines.some((line) => line.includes('was processed by an earlier execution'))).toBe(true);
	});
});

describe('a burst without a batch window in a real n8n', () => {
	it('starts fewer executions than events, each event is in one of them, and each delivery succeeds', async () => {
		const { n8n, simulator } = environment;
		const options = { batchSize: 50 };
		await n8n.workflows.unpublish(ID);
		await n8n.workflows.import(
			createTriggerWorkflow('burst', { events: ['session.completed'], options }),
		);
		await n8n.workflows.publish('burst');
		const ids = emit(200);
		await simulator.waitUntilIdle();
		// Without attempts that got no response within MindPeeker's 5 seconds, as on a slow machine.
		const responses = ids.map((eventId) =>
			simulator.deliveries({ eventId })[0]!.attempts.flatMap(({ status }) => status ?? []),
		);
		expect(responses).toEqual(new Array(200).fill([200]));
		const count = await n8n.executions.count({ workflowId: 'burst' });
		const ended = await n8n.executions.waitFor({ workflowId: 'burst', count, ...TIMEOUT });
		const executions = await Promise.all(ended.map(({ id }) => n8n.executions.get(id)));
		const started = executions.map((each) => getOutput(each, TRIGGER_NODE));
		expect(
			started
				.flat()
				.map(({ json }) => String(json.id))
				.sort(),
		).toEqual([...ids].sort());
		expect(started.every((items) => items.length <= 50)).toBe(true);
		expect(count).toBeLessThan(100);
	});
});
