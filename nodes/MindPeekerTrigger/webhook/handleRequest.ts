import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { findWarnings, type MindPeekerEvent } from '../../shared/events/event';
import { SIGNATURE_HEADER } from '../../shared/signature';
import { getDeliveryLogger, type Outcome } from '../logging/deliveryLogger';
import { getLogContext } from '../nodeContext';
import { readSettings, relaxForTestEvent, type Settings } from '../settings';
import { acceptEvent, type DeliveryResult } from './acceptEvent';
import { collectDebugInfo } from './debugInfo';
import { verifyRequest, type Delivery, type VerificationResult } from './verifyRequest';

/** The response to each outcome. n8n itself responds to a delivery that starts an execution. */
const RESPONSES: Record<Outcome, { readonly status: number; readonly text: string }> = {
	'wrong path': { status: 404, text: 'Not found' },
	forbidden: { status: 403, text: 'Forbidden' },
	'invalid signature': { status: 401, text: 'Invalid signature' },
	malformed: { status: 400, text: 'Not a MindPeeker event' },
	ignored: { status: 200, text: 'OK' },
	'future timestamp': { status: 400, text: 'The timestamp of the event is in the future' },
	duplicate: { status: 200, text: 'OK' },
	accepted: { status: 200, text: 'OK' },
	'not accepted': { status: 500, text: 'The event was not accepted' },
	error: { status: 500, text: 'The delivery could not be checked' },
};

/** Handles one request. Never throws, because n8n would record a failed execution. */
export async function handleRequest(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const startedAt = performance.now();
	const { execution, ...record } = await processRequest(context);
	onResponseEnd(context.getResponseObject(), (status) => {
		execution?.onResponded(isSuccess(status));
		const isRejected = record.outcome === 'accepted' && !isSuccess(status);
		const outcome = isRejected ? 'not accepted' : record.outcome;
		const durationMs = performance.now() - startedAt;
		const logger = getDeliveryLogger(context);
		logger.log({ ...record, outcome, status, durationMs }, getLogContext(context));
	});
	if (execution) return startWorkflow(context, execution.events);
	return respond(context, RESPONSES[record.outcome]);
}

async function processRequest(context: IWebhookFunctions): Promise<DeliveryResult> {
	const address = context.getRequestObject().ip;
	try {
		const settings = readRequestSettings(context);
		const delivery = await readDelivery(context);
		const result = await verifyRequest(context, delivery, settings);
		const debugInfo = settings.debug
			? await collectDebugInfo(context, delivery, result)
			: undefined;
		return { address, debugInfo, ...(await dispatch(context, result, settings)) };
	} catch (error) {
		return { address, outcome: 'error', reason: (error as Error).message };
	}
}

function readRequestSettings(context: IWebhookFunctions): Settings {
	const settings = readSettings(context);
	return context.getMode() === 'manual' ? relaxForTestEvent(settings) : settings;
}

/** n8n adds these to a request, but not to its types. */
type RequestWithRawBody = ReturnType<IWebhookFunctions['getRequestObject']> & {
	rawBody?: Buffer;
	readRawBody: () => Promise<void>;
};

async function readDelivery(context: IWebhookFunctions): Promise<Delivery> {
	const request = context.getRequestObject() as RequestWithRawBody;
	return {
		webhookName: context.getWebhookName(),
		address: request.ip,
		body: await readRawBody(request),
		signature: request.headers[SIGNATURE_HEADER],
	};
}

/** n8n reads the body only if it knows the content type. A second call does nothing. */
async function readRawBody(request: RequestWithRawBody): Promise<Buffer | undefined> {
	try {
		await request.readRawBody();
	} catch {
		// A body that n8n cannot read counts as missing.
	}
	return request.rawBody;
}

async function dispatch(
	context: IWebhookFunctions,
	result: VerificationResult,
	settings: Settings,
): Promise<DeliveryResult> {
	const { outcome } = result;
	const event = 'event' in result ? toEventRef(result.event) : undefined;
	if (outcome !== 'valid') {
		return { outcome, reason: 'reason' in result ? result.reason : undefined, event };
	}
	// An invalid expression must not accept old events. MindPeeker retries after an error.
	if (Number.isNaN(settings.maxEventAge)) {
		throw new Error('Maximum Event Age must be a number of at least 0');
	}
	const warnings = findWarnings(result.event);
	return { event, warnings, ...(await acceptEvent(context, result.event, settings)) };
}

function toEventRef({ id, type }: MindPeekerEvent): DeliveryResult['event'] {
	return { id: String(id), type };
}

function startWorkflow(
	context: IWebhookFunctions,
	events: readonly MindPeekerEvent[],
): IWebhookResponseData {
	context.getResponseObject().type('text/plain');
	const workflowData = [events.map((json) => ({ json }))];
	return { workflowData, webhookResponse: RESPONSES.accepted.text };
}

function respond(
	context: IWebhookFunctions,
	{ status, text }: (typeof RESPONSES)[Outcome],
): IWebhookResponseData {
	context.getResponseObject().status(status).type('text/plain').send(text);
	return { noWebhookResponse: true };
}

/** Whether MindPeeker counts the final response as a success. */
export function isSuccess(status: number): boolean {
	return status < 300;
}

type Response = ReturnType<IWebhookFunctions['getResponseObject']>;

/**
 * Calls back once, when n8n ends the response. Only `end` is always called: after the client has disconnected,
 * `finish` never fires, and `close` fires early with a wrong status.
 */
export function onResponseEnd(response: Response, callback: (status: number) => void): void {
	const end = response.end.bind(response) as (...args: unknown[]) => Response;
	let hasEnded = false;
	response.end = (...args: unknown[]) => {
		if (hasEnded) return end(...args);
		hasEnded = true;
		try {
			callback(response.statusCode);
		} catch {
			// A logging error must not block the response.
		}
		return end(...args);
	};
}
