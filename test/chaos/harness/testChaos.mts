import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { EventExecutions } from '../../support/eventExecutions.mts';
import { ChaosRun, type ChaosOptions } from './chaosRun.mts';

const { CHAOS_SEED, CHAOS_EVENTS } = process.env;
const RETRY_CONCURRENCY = 8;
const FAULTS = ['drop', 'duplicate', 'lost-response', 'reorder', 'slow-response'];
const seed = CHAOS_SEED === undefined ? randomInt(2 ** 31) : Number(CHAOS_SEED);

/** The default number of events. */
export const EVENTS = Number(CHAOS_EVENTS || 600);

export function testChaos(name: string, options: Omit<ChaosOptions, 'seed'>): void {
	describe(`deliveries during faults, ${name}`, () => {
		const { events } = options;
		let chaosRun: ChaosRun;
		let received: EventExecutions;
		let finished: EventExecutions;
		const print = (text: string) => console.log(`seed ${seed}, ${name}: ${text}`);
		const describeEvents = async (ids: string[]) =>
			await Promise.all(ids.map(async (id) => await chaosRun.describeEvent(id)));
		const filterEvents = (predicate: (eventId: string) => boolean) =>
			chaosRun.eventIds.filter(predicate);

		beforeAll(async () => {
			chaosRun = new ChaosRun({ seed, ...options });
			await chaosRun.start();
			await chaosRun.run();
			received = await chaosRun.readExecutions('received');
			finished = await chaosRun.readExecutions('finished');
		});
		afterAll(async () => await chaosRun?.stop());

		it('all kinds of faults were injected', () => {
			print(`${events} events; responses ${JSON.stringify(chaosRun.countResponses())}`);
			print(`faults injected ${JSON.stringify(chaosRun.countFaults())}`);
			expect(chaosRun.eventIds.length).toBeGreaterThanOrEqual(events);
			expect(chaosRun.killedAt).toHaveLength(3);
			const injected = Object.entries(chaosRun.countFaults()).filter(([, times]) => times > 0);
			expect(injected.map(([kind]) => kind).sort()).toEqual(FAULTS);
			expect(chaosRun.countResponses()['500']).toBeGreaterThan(0);
		});

		it('every delivery succeeds', () => {
			const states = [received, finished].flatMap(({ deliveries }) =>
				chaosRun.eventIds.map((id) => deliveries.get(id)?.state),
			);
			expect(states.filter((state) => state !== 'delivered')).toEqual([]);
		});

		describe('Acknowledge: when received', () => {
			it('every event has a successful execution, or one that n8n shows as crashed', async () => {
				const lost = filterEvents((id) => received.forEvent(id).length === 0);
				const unsuccessful = filterEvents((id) => !received.hasSucceeded(id));
				const statuses = unsuccessful.flatMap((id) =>
					received.forEvent(id).map(({ status }) => status),
				);
				print(
					`received: ${lost.length} lost, ${received.count('crashed')} crashed, ${chaosRun.stuckExecutions} of all executions shown as crashed only after a restart`,
				);
				expect(await describeEvents(lost)).toEqual([]);
				expect([...new Set(statuses)].filter((status) => status !== 'crashed')).toEqual([]);
			});

			it('no event runs the nodes after the trigger twice', () => {
				const twice = filterEvents((id) => received.withSideEffect(id).length > 1);
				print(`received: ${twice.length} events ran twice`);
				expect(twice).toEqual([]);
			});

			it('a retry in the editor completes crashed executions', async () => {
				const crashed = filterEvents((id) => !received.hasSucceeded(id));
				const retryNext = async () => {
					for (let id = crashed.pop(); id; id = crashed.pop()) {
						await chaosRun.retry(received.forEvent(id)[0]!.id);
					}
				};
				await Promise.all(Array.from({ length: RETRY_CONCURRENCY }, retryNext));
				const after = await chaosRun.readExecutions('received');
				expect(filterEvents((id) => !after.hasSucceeded(id))).toEqual([]);
			});
		});

		describe('Acknowledge: when finished', () => {
			it('every event has a successful execution', async () => {
				const lost = filterEvents((id) => !finished.hasSucceeded(id));
				print(`finished: ${lost.length} lost, ${finished.count('crashed')} crashed`);
				expect(await describeEvents(lost)).toEqual([]);
			});

			it('an event runs the nodes after the trigger twice only after n8n was killed', () => {
				const twice = filterEvents((id) => finished.withSideEffect(id).length > 1);
				print(`finished: ${twice.length} events ran twice`);
				const wasKilledBetweenRuns = (id: string) => {
					const times = finished.withSideEffect(id).map(({ createdAt }) => createdAt);
					return times.slice(1).every((next, index) => {
						const before = times[index] ?? Infinity;
						return chaosRun.killedAt.some((kill) => before <= kill && kill <= next);
					});
				};
				expect(twice.filter((id) => !wasKilledBetweenRuns(id))).toEqual([]);
			});
		});
	});
}
