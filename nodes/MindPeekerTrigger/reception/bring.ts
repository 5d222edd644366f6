import type { IWebhookFunctions } from 'n8n-workflow';

import type { MindPeekerEvent } from '../../shared/event';
import { noteAnswer } from '../deduplication/answers';
import { ledgerOf, patienceMs } from '../deduplication/ledgers';
import type { Settings } from '../parameters';
import { Batches, batchesOf } from './batches';
import { nameOf, type Reception, type Reply } from './reception';

const TAKEN: Reply = { status: 200, text: 'OK' };
const NOT_TAKEN: Reply = { status: 500, text: 'The event was not taken' };

/** Brings an event into n8n. One that n8n has, or is about to have, starts no second execution. */
export async function bring(
	context: IWebhookFunctions,
	event: MindPeekerEvent,
	settings: Settings,
): Promise<Reception> {
	if (settings.deduplication === 'off') return await seat(context, event, settings);

	const entry = ledgerOf(context).enter(String(event.id), performance.now(), patienceMs(settings));
	if (entry.kind === 'first') {
		const settle = (taken: boolean) => entry.settle(taken, performance.now());
		return await seat(context, event, settings, settle);
	}
	const taken = entry.kind === 'taken' || (await entry.outcome);
	return sharing(taken, 'duplicate', event);
}

/** Several events may share an execution; the first to come carries them all. */
async function seat(
	context: IWebhookFunctions,
	event: MindPeekerEvent,
	settings: Settings,
	settle: (taken: boolean) => void = () => {},
): Promise<Reception> {
	const batches = settings.batchSize > 1 ? batchesOf(context) : new Batches();
	const { outcome, carrier } = batches.board(event, settings);
	noteAnswer(event, outcome);
	if (!carrier) {
		const taken = await outcome;
		settle(taken);
		return sharing(taken, 'accepted', event);
	}
	const settleAll = (taken: boolean) => {
		carrier.settle(taken);
		settle(taken);
	};
	const reply = { events: await carrier.events, settle: settleAll };
	return { outcome: 'accepted', event: nameOf(event), reply };
}

/** The outcome of another delivery, with which this one goes along. */
function sharing(taken: boolean, as: 'accepted' | 'duplicate', event: MindPeekerEvent): Reception {
	const name = nameOf(event);
	return taken
		? { outcome: as, event: name, reply: TAKEN }
		: { outcome: 'not taken', event: name, reply: NOT_TAKEN };
}
