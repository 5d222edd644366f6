import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Stage } from '../../dev/testEnvironment/stage.mts';
import { setTestStage } from '../support/testStage.mts';
import { outputOf } from '../../dev/lab/index.mts';
import { LAST_NODE, TRIGGER, workflowWith } from '../../dev/testEnvironment/workflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const ID = 'batches';
const TIMEOUT = { timeoutMs: 30_000 };
let stage: Stage;

dumpOnFailure(() => stage);

beforeAll(async () => {
	const workflow = workflowWith(ID, {
		events: ['session.completed'],
		options: { batchSize: 50, batchWindow: 3_000 },
	});
	// Each item has to find the event that it comes from.
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
						value: `={{ $('${TRIGGER}').item.json.id }}`,
					},
				],
			},
		},
	});
	stage = await setTestStage({
		simulator: { timeFactor: 20 },
		// Without an isolate for each request, so that a slow machine too takes the burst within the window.
		n8n: { workflows: [workflow], env: { N8N_EXPRESSION_ENGINE: 'legacy' } },
	});
	await stage.n8n.workflows.publish(ID);
});
afterAll(async () => await stage?.close());

/** For each execution, the oldest first, the events that its items come from. */
async function batches(count: number): Promise<unknown[][]> {
	const ended = await stage.n8n.executions.waitFor({ workflowId: ID, count, ...TIMEOUT });
	const all = await Promise.all(ended.reverse().map(({ id }) => stage.n8n.executions.get(id)));
	return all.map((execution) => outputOf(execution, LAST_NODE).map(({ json }) => json.from));
}
const happen = (count: number) =>
	Array.from({ length: count }, () => stage.simulator.emit('session.completed').event.id);

describe('a burst of events in a real n8n', () => {
	it('is one execution with an item for each, and all are answered 200', async () => {
		const ids = happen(20);
		await stage.simulator.idle();
		const attempts = stage.simulator.deliveries().map((delivery) => delivery.attempts);
		expect(attempts.map((own) => own.map(({ status }) => status))).toEqual(
			new Array(20).fill([200]),
		);
		const [batch] = await batches(1);
		expect([...batch!].sort()).toEqual([...ids].sort());
	});

	it('is one execution although the sender of the first to come has left', async () => {
		const leave = { kind: 'slow-answer', afterMs: 300, hangUp: true } as const;
		stage.simulator.faults.add({ on: 'delivery', ...leave, times: 1 });
		const [first, ...others] = happen(5);
		await stage.simulator.idle();
		const [delivery] = stage.simulator.deliveries({ eventId: first });
		expect(delivery?.attempts.map(({ status }) => status)).toEqual([null, 200]);
		const batch = (await batches(2))[1]!;
		expect([...batch].sort()).toEqual([first, ...others].sort());
		expect(await stage.n8n.executions.count({ workflowId: ID })).toBe(2);
	});

	it('leaves out an event that was taken before a restart', async () => {
		const [known] = (await batches(2))[0]!;
		await stage.n8n.restart();
		stage.simulator.emit('session.completed', { id: String(known) });
		const [fresh] = happen(1);
		await stage.simulator.idle();
		expect((await batches(3))[2]).toEqual([fresh]);
	});
});

describe("n8n's log", () => {
	it('has a line for each delivery, and one for the repeat that the database knew', () => {
		const lines = stage.n8n.log.filter((line) => line.startsWith('MindPeeker Trigger: '));
		const accepted = lines.filter((line) => line.includes(': accepted: session.completed evt_'));
		expect(accepted).toHaveLength(27);
		expect(lines.some((line) => line.includes('has been in an execution before'))).toBe(true);
	});
});
