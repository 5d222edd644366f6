import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeIf } from '../support/jest.mts';

import { missingServices } from '../../dev/lab/queue/index.mts';
import type { Outcome } from '../support/outcome.mts';
import { DISTANCES_MS, type DistanceMs, type Series } from './harness/copies.mts';
import { MODES, QueueCampaign, type Mode } from './harness/queueCampaign.mts';

const EVENTS = Number(process.env.QUEUE_EVENTS || 800);
/** As many executions as a worker runs at a time; under load, n8n gives up a few more whose locks ran out. */
const OF_ONE_WORKER = 10;
const SLOW: Series = { name: '5/s', perSecond: 5, events: { 0: 0, 100: 0, 1_000: 0, 5_000: 200 } };
/** With QUEUE_COPIES set, every row of the table in docs/delivery.md is measured. */
const SERIES: Series[] = process.env.QUEUE_COPIES
	? [
			{ ...SLOW, events: { 0: 30, 100: 30, 1_000: 30, 5_000: 200 } },
			{ name: '20/s', perSecond: 20, events: { 0: 100, 100: 100, 1_000: 100, 5_000: 100 } },
			{ name: 'top speed', events: { 0: 100, 100: 100, 1_000: 100, 5_000: 100 } },
		]
	: [SLOW];

const missing = missingServices();
const isRequired = Boolean(process.env.CI);

describeIf(!missing || isRequired)('queue mode', () => {
	const campaign = new QueueCampaign();
	const shares: Record<string, Record<DistanceMs, number>> = {};
	const outcomes = {} as Record<Mode, Outcome>;
	const thoseThat = (mode: Mode, holds: (eventId: string) => boolean) =>
		campaign.eventIds[mode].filter(holds);
	const ranTwice = (mode: Mode) =>
		thoseThat(mode, (id) => outcomes[mode].runsOf(id).length > 1).length;
	const print = (text: string) => console.log(`queue mode, ${EVENTS} events: ${text}`);

	beforeAll(async () => {
		await campaign.start();
		await campaign.run(EVENTS);
		for (const series of SERIES) shares[series.name] = await campaign.shareOfCopies(series);
		for (const mode of MODES) outcomes[mode] = await campaign.outcomeOf(mode);
	});
	afterAll(async () => await campaign.stop());

	it.each(MODES)(
		'acknowledged when %s, ends with every delivery delivered, a worker, a webhook process and Redis having been away',
		(mode) => {
			const states = campaign.eventIds[mode].map((id) => outcomes[mode].deliveries.get(id)?.state);
			expect(states).toHaveLength(EVENTS / MODES.length);
			expect(states.filter((state) => state !== 'delivered')).toEqual([]);
		},
	);

	it('acknowledged when finished, has an execution for every event that succeeded', () => {
		print(`finished: ${ranTwice('finished')} ran twice`);
		expect(thoseThat('finished', (id) => !outcomes.finished.hasSucceeded(id))).toEqual([]);
	});

	it('acknowledged when received, has an execution for every event that succeeded, or that n8n shows as failed', () => {
		const outcome = outcomes.received;
		const failed = thoseThat('received', (id) => !outcome.hasSucceeded(id));
		const unnamed = thoseThat('received', (id) => outcome.executionsOf(id).length === 0);
		const without = outcome.executionsWithoutEvent();
		const named = failed.flatMap((id) => outcome.executionsOf(id));
		const statuses = new Set([...named, ...without].map(({ status }) => status));
		print(
			`received: ${failed.length} failed (${[...statuses].join(', ')}), of ${unnamed.length} of them n8n kept no data; ${ranTwice('received')} ran twice`,
		);
		expect(unnamed.length).toBeLessThanOrEqual(without.length);
		expect([...statuses].filter((status) => !['crashed', 'error'].includes(status))).toEqual([]);
		expect(failed.length).toBeLessThanOrEqual(2 * OF_ONE_WORKER);
	});

	it('runs less than one in a hundred copies that come 5 s later, at 5 events a second', () => {
		print('copies that ran the nodes behind the trigger once more:');
		console.table(
			SERIES.map(({ name }) => ({
				rate: name,
				...Object.fromEntries(
					DISTANCES_MS.map((ms) => [`${ms} ms later`, percent(shares[name]?.[ms])]),
				),
			})),
		);
		expect(shares['5/s']?.[5_000]).toBeLessThan(0.01);
	});
});

function percent(share = NaN): string {
	return `${(share * 100).toFixed(1)} %`;
}
