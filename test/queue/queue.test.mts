import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { missingServices } from '../../lab/queue/index.mts';
import type { Outcome } from '../support/outcome.mts';
import { DISTANCES_MS, type DistanceMs, type Series } from './harness/copies.mts';
import { QueueCampaign } from './harness/queueCampaign.mts';

const EVENTS = Number(process.env.QUEUE_EVENTS ?? 2_000);
/** As many executions as a worker runs at a time; under load, n8n gives up a few more whose locks ran out. */
const OF_ONE_WORKER = 10;
const SERIES: Series[] = [
	{ name: '5/s', perSecond: 5, events: { 0: 30, 100: 30, 1_000: 30, 5_000: 200 } },
	{ name: '20/s', perSecond: 20, events: { 0: 100, 100: 100, 1_000: 100, 5_000: 100 } },
	{ name: 'top speed', events: { 0: 100, 100: 100, 1_000: 100, 5_000: 100 } },
];

const missing = missingServices();
const isRequired = Boolean(process.env.CI);
if (missing && !isRequired) console.warn(`Skipped. ${missing}`);

describe.skipIf(missing && !isRequired)('queue mode', () => {
	const campaign = new QueueCampaign();
	const shares: Record<string, Record<DistanceMs, number>> = {};
	let outcome: Outcome;
	const thoseThat = (holds: (eventId: string) => boolean) => campaign.eventIds.filter(holds);
	const print = (text: string) => console.log(`queue mode, ${EVENTS} events: ${text}`);

	beforeAll(async () => {
		await campaign.start();
		await campaign.run(EVENTS);
		for (const series of SERIES) shares[series.name] = await campaign.shareOfCopies(series);
		outcome = await campaign.outcome();
	});
	afterAll(async () => await campaign.stop());

	it('ends with every delivery delivered, a worker, a webhook process and Redis having been away', () => {
		const states = campaign.eventIds.map((id) => outcome.deliveries.get(id)?.state);
		expect(states.filter((state) => state !== 'delivered')).toEqual([]);
	});

	it('has an execution for every event that succeeded, or that n8n shows as failed', () => {
		const failed = thoseThat((id) => !outcome.hasSucceeded(id));
		const unnamed = thoseThat((id) => outcome.executionsOf(id).length === 0);
		const without = outcome.executionsWithoutEvent();
		const named = failed.flatMap((id) => outcome.executionsOf(id));
		const statuses = new Set([...named, ...without].map(({ status }) => status));
		print(
			`${failed.length} failed (${[...statuses].join(', ')}), of ${unnamed.length} of them n8n kept no data`,
		);
		expect(unnamed.length).toBeLessThanOrEqual(without.length);
		expect([...statuses].filter((status) => !['crashed', 'error'].includes(status))).toEqual([]);
		expect(failed.length).toBeLessThanOrEqual(2 * OF_ONE_WORKER);
	});

	it('runs less than one in a hundred copies that come 5 s later, at 5 events a second', () => {
		const twice = thoseThat((id) => outcome.runsOf(id).length > 1).length;
		print(`${twice} ran twice; copies that ran the nodes behind the trigger once more:`);
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
