import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { voiceOf } from '../journal';
import { readSettings } from '../parameters';
import { perNode } from '../perNode';
import { allAnswered } from './answers';
import { gather } from './gather';

/** How many events n8n's database remembers for each node. */
export const REMEMBERED_EVENTS = 1_000;
const ENTRIES_PER_EVENT = 2;

/** The events that one execution has. */
interface Sighting {
	readonly eventIds: ReadonlySet<string>;
	readonly context: IExecuteFunctions;
}

/**
 * Leaves out the events that another execution has had, by what n8n's database remembers. Whatever fails here
 * lets the events pass: a repeat can be borne, a loss cannot. An execution that runs again keeps its events.
 */
export async function withoutRepeats(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	const isProduction = context.getMode() === 'webhook';
	if (!isProduction || readSettings(context).deduplication !== 'durable') return items;

	const eventIds = new Set(items.map(({ json }) => String(json.id)));
	// Until MindPeeker has its answer it may deliver again, and makes good what a crash cuts off before.
	await allAnswered(items.map(({ json }) => json));
	try {
		const goingOn = new Set(await recorderOf(context)({ eventIds, context }));
		return items.filter(({ json }) => {
			const goesOn = goingOn.delete(String(json.id));
			if (!goesOn) tellOfRepeat(context, json);
			return goesOn;
		});
	} catch (error) {
		const what = `${items.length} events could not be recorded, and pass`;
		voiceOf(context)('warn', `${what}: ${(error as Error).message}`);
		return items;
	}
}

/** In one process the ledger has answered it already; this one came to another, or before a restart. */
function tellOfRepeat(context: IExecuteFunctions, { id, type }: IDataObject): void {
	const executionId = context.getExecutionId();
	voiceOf(context)(
		'info',
		`duplicate: ${type} ${id} has been in an execution before, and ends in execution ${executionId}`,
		{ outcome: 'duplicate', eventId: id, eventType: type, executionId },
	);
}

/** The calls of one process go one at a time, or n8n loses records. */
const recorderOf = perNode(() => gather(recordAll));

/**
 * For each sighting, the events with which its execution is to go on. What ends here is recorded as well, for
 * there is no way to record what only the answer tells: should n8n run that very execution again, it goes on.
 */
async function recordAll(sightings: Sighting[]): Promise<Array<ReadonlySet<string>>> {
	const values = sightings.flatMap((sighting) =>
		[...sighting.eventIds].flatMap((id) => [entryOf(id), pairOf(id, sighting)]),
	);
	const { helpers } = (sightings[0] as Sighting).context;
	const { new: unknown } = await helpers.checkProcessedAndRecord([...new Set(values)], 'node', {
		mode: 'entries',
		maxEntries: REMEMBERED_EVENTS * ENTRIES_PER_EVENT,
	});
	const fresh = new Set(unknown);
	return sightings.map((sighting) => {
		const goesOn = (id: string) => fresh.delete(entryOf(id)) || !fresh.has(pairOf(id, sighting));
		return new Set([...sighting.eventIds].filter(goesOn));
	});
}

/** With nothing behind the bar, so that no event's id can pass for a pair of another's. */
function entryOf(eventId: string): string {
	return `${eventId}|`;
}

/** Known together with the event's id, it tells that the same execution runs again. */
function pairOf(eventId: string, { context }: Sighting): string {
	return `${entryOf(eventId)}${context.getExecutionId()}`;
}
