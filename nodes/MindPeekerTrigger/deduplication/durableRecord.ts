import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { voiceOf } from '../journal';
import type { Settings } from '../parameters';
import { perNode } from '../perNode';
import { allAnswered, areReceivedHere } from './answers';
import { Recorder } from './recorder';

/**
 * Leaves out the events that another execution has had, by what n8n's database remembers. Whatever fails here
 * lets the events pass: a repeat can be borne, a loss cannot. An execution that runs again keeps its events.
 */
export async function withoutRepeats(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	{ deduplication }: Pick<Settings, 'deduplication'>,
): Promise<INodeExecutionData[]> {
	const isProduction = context.getMode() === 'webhook';
	if (!isProduction || deduplication !== 'durable') return items;

	const eventIds = new Set(items.map(({ json }) => String(json.id)));
	const events = items.map(({ json }) => json);
	// Until MindPeeker has its answer it may deliver again, and makes good what a crash cuts off before.
	await allAnswered(events);
	try {
		const isAmongOthers = !areReceivedHere(events);
		const goingOn = new Set(await recorderOf(context).record({ eventIds, context, isAmongOthers }));
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

const recorderOf = perNode(() => new Recorder());
