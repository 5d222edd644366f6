import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { findOddities, type MindPeekerEvent } from '../../shared/event';
import { journalOf, placeOf } from '../journal';
import { forTestEvent, readSettings, type Settings } from '../parameters';
import { bring } from './bring';
import { readDelivery } from './delivery';
import { detailsOf } from './details';
import { judge } from './judge';
import type { Verdict } from './verdict';
import { isSuccess, nameOf, type Reception } from './reception';
import { whenAnswered } from './whenAnswered';

/** Where no execution starts. */
const ANSWERS = {
	'not here': { status: 404, text: 'Not found' },
	forbidden: { status: 403, text: 'Forbidden' },
	unauthorised: { status: 401, text: 'Invalid signature' },
	malformed: { status: 400, text: 'Not a MindPeeker event' },
	early: { status: 400, text: 'The event is from the future' },
	ignored: { status: 200, text: 'OK' },
} as const;

/** Takes one request in and answers it. Nothing is thrown: n8n would record a failed execution. */
export async function answer(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const arrival = performance.now();
	const { reply, ...known } = await take(context);
	whenAnswered(context.getResponseObject(), (status) => {
		if ('events' in reply) reply.settle(isSuccess(status));
		const isLost = known.outcome === 'accepted' && !isSuccess(status);
		const outcome = isLost ? 'not taken' : known.outcome;
		const durationMs = performance.now() - arrival;
		journalOf(context).write({ ...known, outcome, status, durationMs }, placeOf(context));
	});
	if ('events' in reply) return start(context, reply.events);
	return respond(context, reply.status, reply.text);
}

async function take(context: IWebhookFunctions): Promise<Reception> {
	const address = context.getRequestObject().ip;
	try {
		const settings = settingsFor(context);
		const delivery = await readDelivery(context);
		const verdict = await judge(context, delivery, settings);
		const details = settings.debug ? await detailsOf(context, delivery, verdict) : undefined;
		return { address, details, ...(await act(context, verdict, settings)) };
	} catch (error) {
		const reply = { status: 500, text: 'The delivery could not be checked' };
		return { address, outcome: 'failed', reason: (error as Error).message, reply };
	}
}

function settingsFor(context: IWebhookFunctions): Settings {
	const settings = readSettings(context);
	return context.getMode() === 'manual' ? forTestEvent(settings) : settings;
}

async function act(
	context: IWebhookFunctions,
	verdict: Verdict,
	settings: Settings,
): Promise<Reception> {
	const { outcome } = verdict;
	if (outcome === 'accepted') {
		// An expression that finds nothing must not let old events in; what is refused so comes again.
		if (Number.isNaN(settings.maxEventAge)) throw new Error('Maximum Event Age is no number');
		const oddities = findOddities(verdict.event);
		return { ...(await bring(context, verdict.event, settings)), oddities };
	}
	return {
		outcome,
		reason: 'reason' in verdict ? verdict.reason : undefined,
		event: 'event' in verdict ? nameOf(verdict.event) : undefined,
		reply: ANSWERS[outcome],
	};
}

function start(
	context: IWebhookFunctions,
	events: readonly MindPeekerEvent[],
): IWebhookResponseData {
	context.getResponseObject().type('text/plain');
	return { workflowData: [events.map((json) => ({ json }))], webhookResponse: 'OK' };
}

function respond(context: IWebhookFunctions, status: number, text: string): IWebhookResponseData {
	context.getResponseObject().status(status).type('text/plain').send(text);
	return { noWebhookResponse: true };
}
