import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeIf } from '../support/jest.mts';

import { findMissingServices } from '../../dev/lab/queue/findProgram.mts';
import type { EventExecutions } from '../support/eventExecutions.mts';
import { DELAYS_MS, type DelayMs, type Series } from './harness/duplicates.mts';
import { MODES, QueueRun, type Mode } from './harness/queueRun.mts';
import { testDockerProxy } from './harness/testDockerProxy.mts';
import { receiveTestEvent } from './harness/testListener.mts';
import {
	createTwoOutputWorkflow,
	RESULT_NODE,
	SECOND_NODE,
	TRIGGER_NODE,
} from '../../dev/testEnvironment/triggerWorkflow.mts';

const EVENTS = Number(process.env.QUEUE_EVENTS || 800);
/** The number of concurrent executions of a worker. Under load, n8n drops a few more whose locks expire. */
const WORKER_CONCURRENCY = 10;
const SLOW: Series = { name: '5/s', perSecond: 5, events: { 0: 0, 100: 0, 1_000: 0, 5_000: 200 } };
/** With QUEUE_DUPLICATES, measures all rows of the table in docs/delivery.md. */
const SERIES: Series[] = process.env.QUEUE_DUPLICATES
	? [
			{ ...SLOW, events: { 0: 30, 100: 30, 1_000: 30, 5_000: 200 } },
			{ name: '20/s', perSecond: 20, events: { 0: 100, 100: 100, 1_000: 100, 5_000: 100 } },
			{ name: 'top speed', events: { 0: 100, 100: 100, 1_000: 100, 5_000: 100 } },
		]
	: [SLOW];

const missing = findMissingServices();
const isRequired = Boolean(process.env.CI);

describeIf(!missing || isRequired)('queue mode', () => {
	const queueRun = new QueueRun();
	const shares: Record<string, Record<DelayMs, number>> = {};
	const executions = {} as Record<Mode, EventExecutions>;
	const filterEvents = (mode: Mode, predicate: (eventId: string) => boolean) =>
		queueRun.eventIds[mode].filter(predicate);
	const countRepeated = (mode: Mode) =>
		filterEvents(mode, (id) => executions[mode].withSideEffect(id).length > 1).length;
	const print = (text: string) => console.log(`queue mode, ${EVENTS} events: ${text}`);

	beforeAll(async () => {
		await queueRun.start();
		await queueRun.run(EVENTS);
		for (const series of SERIES) shares[series.name] = await queueRun.measureDuplicates(series);
		for (const mode of MODES) executions[mode] = await queueRun.readExecutions(mode);
	});
	afterAll(async () => await queueRun.stop());

	it.each(MODES)(
		'Acknowledge: when %s, every delivery succeeds, although a worker, a webhook process and Redis restart',
		(mode) => {
			const states = queueRun.eventIds[mode].map(
				(id) => executions[mode].deliveries.get(id)?.state,
			);
			expect(states).toHaveLength(EVENTS / MODES.length);
			expect(states.filter((state) => state !== 'delivered')).toEqual([]);
		},
	);

	it('Acknowledge: when finished, every event has a successful execution', () => {
		print(`finished: ${countRepeated('finished')} ran twice`);
		expect(filterEvents('finished', (id) => !executions.finished.hasSucceeded(id))).toEqual([]);
	});

	it('Acknowledge: when received, every event has an execution that succeeded, or that n8n shows as failed', () => {
		const received = executions.received;
		const failed = filterEvents('received', (id) => !received.hasSucceeded(id));
		const withoutData = filterEvents('received', (id) => received.forEvent(id).length === 0);
		const unassigned = received.withoutEvent();
		const assigned = failed.flatMap((id) => received.forEvent(id));
		const statuses = new Set([...assigned, ...unassigned].map(({ status }) => status));
		print(
			`received: ${failed.length} failed (${[...statuses].join(', ')}), ${withoutData.length} of them without data in n8n; ${countRepeated('received')} ran twice`,
		);
		expect(withoutData.length).toBeLessThanOrEqual(unassigned.length);
		expect([...statuses].filter((status) => !['crashed', 'error'].includes(status))).toEqual([]);
		expect(failed.length).toBeLessThanOrEqual(2 * WORKER_CONCURRENCY);
	});

	it('at 5 events per second, less than 1 % of the duplicates after 5 s run again', () => {
		print('duplicates that ran the nodes after the trigger again:');
		console.table(
			SERIES.map(({ name }) => ({
				rate: name,
				...Object.fromEntries(
					DELAYS_MS.map((ms) => [`${ms} ms later`, formatPercent(shares[name]?.[ms])]),
				),
			})),
		);
		expect(shares['5/s']?.[5_000]).toBeLessThan(0.01);
	});

	testDockerProxy(queueRun);

	describe('"Listen for test event" with executions on workers, as in n8n 3,', () => {
		const createWorkflow = (id: string, options: Record<string, unknown>) =>
			createTwoOutputWorkflow(id, {
				events: ['session.completed', 'analysis.completed'],
				output: 'perEvent',
				options,
			});

		it('receives the sample event at the output of its type', async () => {
			const workflow = createWorkflow('sample', {});
			expect(await receiveTestEvent(queueRun.environment, workflow)).toMatchObject({
				hasRunOnWorker: true,
				outputs: [['session.completed'], []],
				executedNodes: [TRIGGER_NODE, RESULT_NODE],
				responseStatus: 200,
			});
		});

		const options = { acknowledge: 'finished', sendTestEvent: false };

		it('responds after the workflow has ended, with Acknowledge: when finished', async () => {
			const workflow = createWorkflow('success', options);
			expect(
				await receiveTestEvent(queueRun.environment, workflow, 'analysis.completed'),
			).toMatchObject({
				hasRunOnWorker: true,
				outputs: [[], ['analysis.completed']],
				executedNodes: [TRIGGER_NODE, SECOND_NODE],
				responseStatus: 200,
				hasWaitedForWorkflow: true,
			});
		});

		it('reports a failed workflow to MindPeeker, with Acknowledge: when finished', async () => {
			const workflow = createWorkflow('failure', options);
			workflow.nodes[2]!.type = 'n8n-nodes-base.stopAndError';
			expect(
				await receiveTestEvent(queueRun.environment, workflow, 'analysis.completed'),
			).toMatchObject({ hasRunOnWorker: true, responseStatus: 500, hasWaitedForWorkflow: true });
		});
	});
});

function formatPercent(share = NaN): string {
	return `${(share * 100).toFixed(1)} %`;
}
