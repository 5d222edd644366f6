import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Outcome } from '../../support/outcome.mts';
import { Campaign, type CampaignOptions } from './campaign.mts';

const { CHAOS_SEED, CHAOS_EVENTS } = process.env;
const RETRIED_AT_A_TIME = 8;
const FAULTS = ['drop', 'duplicate', 'lost-answer', 'reorder', 'slow-answer'];
const seed = CHAOS_SEED === undefined ? randomInt(2 ** 31) : Number(CHAOS_SEED);

/** How many events happen, unless told otherwise. */
export const EVENTS = Number(CHAOS_EVENTS || 600);

/** The tests of one fault campaign. */
export function tryCampaign(name: string, options: Omit<CampaignOptions, 'seed'>): void {
	describe(`a fault campaign ${name}`, () => {
		const { events } = options;
		let campaign: Campaign;
		let received: Outcome;
		let finished: Outcome;
		const print = (text: string) => console.log(`seed ${seed}, ${name}: ${text}`);
		const tellOf = async (ids: string[]) =>
			await Promise.all(ids.map(async (id) => await campaign.tellOf(id)));
		const thoseThat = (holds: (eventId: string) => boolean) => campaign.eventIds.filter(holds);

		beforeAll(async () => {
			campaign = new Campaign({ seed, ...options });
			await campaign.start();
			await campaign.run();
			received = await campaign.outcomeOf('received');
			finished = await campaign.outcomeOf('finished');
		});
		afterAll(async () => await campaign?.stop());

		it('lets everything go wrong that is to go wrong', () => {
			print(`${events} events; answers ${JSON.stringify(campaign.answers())}`);
			print(`faults struck ${JSON.stringify(campaign.faultsStruck())}`);
			expect(campaign.eventIds.length).toBeGreaterThanOrEqual(events);
			expect(campaign.killedAt).toHaveLength(3);
			const struck = Object.entries(campaign.faultsStruck()).filter(([, times]) => times > 0);
			expect(struck.map(([kind]) => kind).sort()).toEqual(FAULTS);
			expect(campaign.answers()['500']).toBeGreaterThan(0);
		});

		it('ends with every delivery delivered', () => {
			const states = [received, finished].flatMap(({ deliveries }) =>
				campaign.eventIds.map((id) => deliveries.get(id)?.state),
			);
			expect(states.filter((state) => state !== 'delivered')).toEqual([]);
		});

		describe('acknowledged when received', () => {
			it('every event has an execution that succeeded, or one that n8n shows as crashed', async () => {
				const lost = thoseThat((id) => received.executionsOf(id).length === 0);
				const unended = thoseThat((id) => !received.hasSucceeded(id));
				const statuses = unended.flatMap((id) =>
					received.executionsOf(id).map(({ status }) => status),
				);
				print(
					`received: ${lost.length} lost, ${received.count('crashed')} crashed, ${campaign.left} of all shown so only after a restart`,
				);
				expect(await tellOf(lost)).toEqual([]);
				expect([...new Set(statuses)].filter((status) => status !== 'crashed')).toEqual([]);
			});

			it('no event runs the nodes behind the trigger twice', () => {
				const twice = thoseThat((id) => received.runsOf(id).length > 1);
				print(`received: ${twice.length} events ran twice`);
				expect(twice).toEqual([]);
			});

			it('a retry in the editor completes what a crash cut off', async () => {
				const cutOff = thoseThat((id) => !received.hasSucceeded(id));
				const retryNext = async () => {
					for (let id = cutOff.pop(); id; id = cutOff.pop()) {
						await campaign.retry(received.executionsOf(id)[0]!.id);
					}
				};
				await Promise.all(Array.from({ length: RETRIED_AT_A_TIME }, retryNext));
				const after = await campaign.outcomeOf('received');
				expect(thoseThat((id) => !after.hasSucceeded(id))).toEqual([]);
			});
		});

		describe('acknowledged when finished', () => {
			it('every event has an execution that succeeded', async () => {
				const lost = thoseThat((id) => !finished.hasSucceeded(id));
				print(`finished: ${lost.length} lost, ${finished.count('crashed')} crashed`);
				expect(await tellOf(lost)).toEqual([]);
			});

			it('those alone run the nodes behind the trigger twice that a kill cut off', () => {
				const twice = thoseThat((id) => finished.runsOf(id).length > 1);
				print(`finished: ${twice.length} events ran twice`);
				const hasKillsBetween = (id: string) => {
					const times = finished.runsOf(id).map(({ createdAt }) => createdAt);
					return times.slice(1).every((next, index) => {
						const before = times[index] ?? Infinity;
						return campaign.killedAt.some((kill) => before <= kill && kill <= next);
					});
				};
				expect(twice.filter((id) => !hasKillsBetween(id))).toEqual([]);
			});
		});
	});
}
