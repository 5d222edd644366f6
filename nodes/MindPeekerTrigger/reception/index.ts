import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import type { MindPeekerEvent } from '../../shared/event';
import { SIGNATURE_HEADER } from '../../shared/signature';
import { readCredentialSecrets } from '../credentialSecrets';
import { ledgerOf } from '../deduplication/ledgers';
import { forTestEvent, readSettings, type Settings } from '../parameters';
import { receive, type Delivery, type Verdict } from './receive';
import { whenAnswered } from './whenAnswered';
import { generatedSecrets, type RegistrationState } from '../registration/state';

const REFUSALS = {
	forbidden: { status: 403, text: 'Forbidden' },
	unauthorised: { status: 401, text: 'Invalid signature' },
	malformed: { status: 400, text: 'Not a MindPeeker event' },
	early: { status: 400, text: 'The event is from the future' },
} as const;

/** What n8n adds to a request; its types do not say so. */
type RequestWithRawBody = ReturnType<IWebhookFunctions['getRequestObject']> & {
	rawBody?: Buffer;
	readRawBody?: () => Promise<void>;
};

/** Takes one request in and answers it. Nothing is thrown: n8n would record a failed execution. */
export async function answer(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		const settings = settingsFor(context);
		return await act(context, await judge(context, settings), settings);
	} catch (error) {
		context.logger.error(`MindPeeker Trigger could not check a delivery: ${String(error)}`);
		return respond(context, 500, 'The delivery could not be checked');
	}
}

async function act(
	context: IWebhookFunctions,
	verdict: Verdict,
	settings: Settings,
): Promise<IWebhookResponseData> {
	switch (verdict.outcome) {
		case 'accepted':
			return await accept(context, verdict.event, settings);
		case 'ignored':
			return respond(context, 200, 'OK');
		default:
			return respond(context, REFUSALS[verdict.outcome].status, REFUSALS[verdict.outcome].text);
	}
}

/** An event that n8n has, or is about to have, starts no second execution. */
async function accept(
	context: IWebhookFunctions,
	event: MindPeekerEvent,
	{ deduplication }: Settings,
): Promise<IWebhookResponseData> {
	if (deduplication === 'off') return start(context, event);

	const entry = ledgerOf(context).enter(event.id, Date.now());
	if (entry.kind === 'taken') return respond(context, 200, 'OK');
	if (entry.kind === 'in flight') {
		return (await entry.outcome)
			? respond(context, 200, 'OK')
			: respond(context, 500, 'The event was not taken');
	}
	whenAnswered(context.getResponseObject(), (status) => {
		entry.settle(status >= 200 && status < 300, Date.now());
	});
	return start(context, event);
}

function start(context: IWebhookFunctions, event: MindPeekerEvent): IWebhookResponseData {
	context.getResponseObject().type('text/plain');
	return { workflowData: [[{ json: event }]], webhookResponse: 'OK' };
}

/** The credential is read only where its secrets can change the verdict: it costs a look into the database. */
async function judge(context: IWebhookFunctions, settings: Settings): Promise<Verdict> {
	const delivery = await readDelivery(context);
	const now = Date.now();
	const state = context.getWorkflowStaticData('node') as RegistrationState;
	const verdict = receive(delivery, settings, generatedSecrets(state, now), now);
	if (!isUpToSecrets(verdict)) return verdict;

	const { current = '', previous = '' } = await readCredentialSecrets(context);
	return receive(delivery, settings, [current, previous], now);
}

function settingsFor(context: IWebhookFunctions): Settings {
	const settings = readSettings(context);
	return context.getMode() === 'manual' ? forTestEvent(settings) : settings;
}

function isUpToSecrets(verdict: Verdict): boolean {
	if (verdict.outcome !== 'unauthorised') return false;
	return verdict.reason === 'no-secret' || verdict.reason === 'mismatch';
}

async function readDelivery(context: IWebhookFunctions): Promise<Delivery> {
	const request: RequestWithRawBody = context.getRequestObject();
	return {
		address: request.ip,
		body: await rawBodyOf(request),
		signature: request.headers[SIGNATURE_HEADER],
	};
}

/** n8n leaves a body of unknown type unread. One that it cannot read, or has consumed, is no body. */
async function rawBodyOf(request: RequestWithRawBody): Promise<unknown> {
	if (request.rawBody !== undefined) return request.rawBody;
	try {
		await request.readRawBody?.();
	} catch {
		return undefined;
	}
	return request.rawBody;
}

function respond(context: IWebhookFunctions, status: number, text: string): IWebhookResponseData {
	context.getResponseObject().status(status).type('text/plain').send(text);
	return { noWebhookResponse: true };
}
