import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import type { MindPeekerEvent } from '../../shared/event';
import { noteAnswer } from '../deduplication/answers';
import { ledgerOf } from '../deduplication/ledgers';
import { journalOf, placeOf, type Finding } from '../journal';
import { forTestEvent, readSettings, type Settings } from '../parameters';
import { Batches, batchesOf } from './batches';
import { readDelivery } from './delivery';
import { detailsOf } from './details';
import { judge } from './judge';
import type { Verdict } from './receive';
import { whenAnswered } from './whenAnswered';

const REFUSALS = {
	'not here': { status: 404, text: 'Not found' },
	forbidden: { status: 403, text: 'Forbidden' },
	unauthorised: { status: 401, text: 'Invalid signature' },
	malformed: { status: 400, text: 'Not a MindPeeker event' },
	early: { status: 400, text: 'The event is from the future' },
} as const;

/** What is known of a delivery before it has been answered. */
type Draft = { -readonly [K in keyof Omit<Finding, 'status' | 'durationMs'>]: Finding[K] };

/** Takes one request in and answers it. Nothing is thrown: n8n would record a failed execution. */
export async function answer(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const draft: Draft = { outcome: 'failed' };
	writeWhenAnswered(context, draft);
	try {
		const settings = settingsFor(context);
		const delivery = await readDelivery(context);
		draft.address = delivery.address;
		const verdict = await judge(context, delivery, settings);
		Object.assign(draft, verdict);
		if (settings.debug) draft.details = await detailsOf(context, delivery, verdict);
		return await act(context, verdict, settings, draft);
	} catch (error) {
		Object.assign(draft, { outcome: 'failed', reason: String(error) });
		return respond(context, 500, 'The delivery could not be checked');
	}
}

function settingsFor(context: IWebhookFunctions): Settings {
	const settings = readSettings(context);
	return context.getMode() === 'manual' ? forTestEvent(settings) : settings;
}

function writeWhenAnswered(context: IWebhookFunctions, draft: Draft): void {
	const arrival = performance.now();
	whenAnswered(context.getResponseObject(), (status) => {
		const isLost = draft.outcome === 'accepted' && !isSuccess(status);
		const outcome = isLost ? 'not taken' : draft.outcome;
		const durationMs = performance.now() - arrival;
		journalOf(context).write({ ...draft, outcome, status, durationMs }, placeOf(context));
	});
}

async function act(
	context: IWebhookFunctions,
	verdict: Verdict,
	settings: Settings,
	draft: Draft,
): Promise<IWebhookResponseData> {
	switch (verdict.outcome) {
		case 'accepted':
			return await accept(context, verdict.event, settings, draft);
		case 'ignored':
			return respond(context, 200, 'OK');
		default:
			return respond(context, REFUSALS[verdict.outcome].status, REFUSALS[verdict.outcome].text);
	}
}

/** An event that n8n has, or is about to have, starts no second execution; others may share one. */
async function accept(
	context: IWebhookFunctions,
	event: MindPeekerEvent,
	settings: Settings,
	draft: Draft,
): Promise<IWebhookResponseData> {
	const entry =
		settings.deduplication === 'off' ? undefined : ledgerOf(context).enter(event.id, Date.now());
	if (entry && entry.kind !== 'first') {
		const taken = entry.kind === 'taken' || (await entry.outcome);
		draft.outcome = taken ? 'duplicate' : 'not taken';
		return passOn(context, taken);
	}
	const batches = settings.batchSize > 1 ? batchesOf(context) : new Batches();
	const { outcome, carrier } = batches.board(event, settings);
	noteAnswer(event, outcome);
	if (!carrier) {
		const taken = await outcome;
		entry?.settle(taken, Date.now());
		draft.outcome = taken ? 'accepted' : 'not taken';
		return passOn(context, taken);
	}
	whenAnswered(context.getResponseObject(), (status) => {
		carrier.settle(isSuccess(status));
		entry?.settle(isSuccess(status), Date.now());
	});
	return start(context, await carrier.events);
}

function start(
	context: IWebhookFunctions,
	events: readonly MindPeekerEvent[],
): IWebhookResponseData {
	context.getResponseObject().type('text/plain');
	return { workflowData: [events.map((json) => ({ json }))], webhookResponse: 'OK' };
}

/** The outcome of another delivery, with which this one goes along. */
function passOn(context: IWebhookFunctions, taken: boolean): IWebhookResponseData {
	return taken ? respond(context, 200, 'OK') : respond(context, 500, 'The event was not taken');
}

function respond(context: IWebhookFunctions, status: number, text: string): IWebhookResponseData {
	context.getResponseObject().status(status).type('text/plain').send(text);
	return { noWebhookResponse: true };
}

function isSuccess(status: number): boolean {
	return status >= 200 && status < 300;
}
