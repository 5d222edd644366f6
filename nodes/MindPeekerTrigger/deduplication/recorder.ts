import { sleep, type IExecuteFunctions } from 'n8n-workflow';

import { voiceOf } from '../journal';
import { AtRisk } from './atRisk';
import { gather } from './gather';

/** How many events n8n's database remembers for each node. */
export const REMEMBERED_EVENTS = 1_000;
const ENTRIES_PER_EVENT = 2;
const REPEAT_AFTER_MS = 500;

/** The events that one execution has. */
export interface Sighting {
	readonly eventIds: ReadonlySet<string>;
	readonly context: IExecuteFunctions;
	/** Whether other processes may record at the same time, as workers do. */
	readonly isAmongOthers: boolean;
}

/** Records events in n8n's database, and says which of them an execution is to go on with. */
export class Recorder {
	private readonly atRisk = new AtRisk();
	private isRepeating = false;
	/** The calls of one process go one at a time, or n8n loses records. */
	private readonly recordGathered = gather(
		async (sightings: Sighting[]) => await this.recordAll(sightings),
	);

	async record(sighting: Sighting): Promise<ReadonlySet<string>> {
		try {
			return await this.recordGathered(sighting);
		} finally {
			void this.repeatUntilAllStay(sighting.context);
		}
	}

	/**
	 * For each sighting, the events with which its execution is to go on. What ends here is recorded as well, for
	 * there is no way to record what only the answer tells: should n8n run that very execution again, it goes on.
	 */
	private async recordAll(sightings: Sighting[]): Promise<Array<ReadonlySet<string>>> {
		const repeated = this.atRisk.entries();
		const own = sightings.flatMap(entriesOf);
		const amongOthers = sightings.filter(({ isAmongOthers }) => isAmongOthers).flatMap(entriesOf);
		try {
			const missing = await recordIn(sightings[0] as Sighting, [...own, ...repeated]);
			const fresh = new Set([...missing].filter((entry) => !this.atRisk.has(entry)));
			this.atRisk.settle(repeated, (entry) => missing.has(entry), performance.now());
			return sightings.map((sighting) => eventsThatGoOn(sighting, fresh));
		} finally {
			// Also where n8n refused, as it does with one of two that are the first at the same moment.
			this.atRisk.add(amongOthers, performance.now());
		}
	}

	/** Where no execution comes for a while, nothing else would record again what was taken away. */
	private async repeatUntilAllStay(context: IExecuteFunctions): Promise<void> {
		if (this.isRepeating) return;
		this.isRepeating = true;
		try {
			while (this.atRisk.size > 0) {
				await sleep(REPEAT_AFTER_MS);
				await this.recordGathered({ eventIds: new Set(), context, isAmongOthers: false });
			}
		} catch (error) {
			const what = 'What was recorded last could not be recorded again';
			voiceOf(context)('warn', `${what}: ${(error as Error).message}`);
		} finally {
			this.isRepeating = false;
		}
	}
}

/** Gives those that were not there. */
async function recordIn({ context }: Sighting, entries: string[]): Promise<Set<string>> {
	const { new: missing } = await context.helpers.checkProcessedAndRecord(
		[...new Set(entries)],
		'node',
		{ mode: 'entries', maxEntries: REMEMBERED_EVENTS * ENTRIES_PER_EVENT },
	);
	return new Set(missing.map(String));
}

/** The first of several that have an event in the same call takes it out of what is fresh. */
function eventsThatGoOn(sighting: Sighting, fresh: Set<string>): ReadonlySet<string> {
	const goesOn = (id: string) => fresh.delete(entryOf(id)) || !fresh.has(pairOf(id, sighting));
	return new Set([...sighting.eventIds].filter(goesOn));
}

function entriesOf(sighting: Sighting): string[] {
	return [...sighting.eventIds].flatMap((id) => [entryOf(id), pairOf(id, sighting)]);
}

/** With nothing behind the bar, so that no event's id can pass for a pair of another's. */
function entryOf(eventId: string): string {
	return `${eventId}|`;
}

/** Known together with the event's id, it tells that the same execution runs again. */
function pairOf(eventId: string, { context }: Sighting): string {
	return `${entryOf(eventId)}${context.getExecutionId()}`;
}
