import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import type { Stage } from '../../dev/testEnvironment/stage.mts';
import { setTestStage } from '../support/testStage.mts';
import { outputOf } from '../../dev/lab/index.mts';
import { LAST_NODE, workflowWith } from '../../dev/testEnvironment/workflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const ID = 'deduplication';
const TIMEOUT = { timeoutMs: 30_000 };
let stage: Stage;

dumpOnFailure(() => stage);

beforeAll(async () => {
	const simulator = { timeFactor: 20 };
	const workflows = [workflowWith(ID, { events: ['session.completed'] })];
	stage = await setTestStage({ simulator, n8n: { workflows } });
	await stage.n8n.workflows.publish(ID);
});
afterAll(async () => await stage?.close());

/** An event happens, and MindPeeker has delivered it. */
async function deliver(id: string): Promise<void> {
	stage.simulator.emit('session.completed', { id });
	const emitted = stage.simulator.deliveries({ eventId: id }).length;
	expect(emitted).toBeGreaterThan(0);
	const delivered = (it: { eventId: string; state: string }) =>
		it.eventId === id && it.state === 'delivered';
	await waitFor(() =>
		expect(stage.simulator.deliveries({ eventId: id }).filter(delivered)).toHaveLength(emitted),
	);
}

/** For each ended execution, the oldest first, the ids of the events that came to the last node. */
async function whatCameThrough(count: number): Promise<unknown[][]> {
	const ended = await stage.n8n.executions.waitFor({ workflowId: ID, count, ...TIMEOUT });
	const all = await Promise.all(ended.reverse().map(({ id }) => stage.n8n.executions.get(id)));
	return all.map((execution) => outputOf(execution, LAST_NODE).map(({ json }) => json.id));
}

describe('an event that MindPeeker delivers again', () => {
	it('because the answer was lost starts one execution', async () => {
		stage.simulator.faults.add({ on: 'delivery', kind: 'lost-answer', times: 2 });
		await deliver('evt_lost');
		expect(stage.simulator.deliveries({ eventId: 'evt_lost' })[0]?.attempts).toHaveLength(3);
		expect(await whatCameThrough(1)).toEqual([['evt_lost']]);
	});

	it('ten times at once starts one execution', async () => {
		stage.simulator.faults.add({ on: 'delivery', kind: 'duplicate', copies: 9 });
		await deliver('evt_copies');
		await stage.simulator.idle();
		const [delivery] = stage.simulator.deliveries({ eventId: 'evt_copies' });
		expect(delivery?.attempts.map(({ status }) => status)).toEqual(new Array(10).fill(200));
		expect(await whatCameThrough(2)).toEqual([['evt_lost'], ['evt_copies']]);
	});

	it('after n8n was restarted runs no node behind the trigger', async () => {
		await stage.n8n.restart();
		await deliver('evt_lost');
		await deliver('evt_new');
		expect(await whatCameThrough(4)).toEqual([['evt_lost'], ['evt_copies'], [], ['evt_new']]);
	});
});
