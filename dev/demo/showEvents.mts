import { setTimeout as sleep } from 'node:timers/promises';

import { getErrorMessage } from '../lab/errors.mts';
import type { TestEnvironment } from '../testEnvironment/testEnvironment.mts';
import { demoWorkflow } from './demoWorkflow.mts';
import { ExecutionFinder, getMessage } from './findExecution.mts';

const INTERVAL_MS = 5_000;
const TIMEOUT_MS = 15_000;
const FORGED = 'forged session.completed';
const EVENTS = [
	'session.completed',
	FORGED,
	'analysis.completed',
	'dowsing.query_completed',
	'account.payment_failed',
];

/** Prints a line for each delivery. */
export function showDeliveries({ n8n, simulator }: TestEnvironment, stopped: AbortSignal): void {
	const finder = new ExecutionFinder(n8n);
	printRow('event', 'id', 'response', 'execution', 'result');
	simulator.on('attempt', async ({ status, error, durationMs }, { eventId, eventType, url }) => {
		const response = `${error ?? status} in ${durationMs.toFixed(0)} ms`;
		if (!isDemoWebhook({ url }))
			return printRow(eventType, eventId, response, '', 'delivered to another webhook');
		try {
			printRow(eventType, eventId, response, ...(await waitForResult(finder, eventId, status)));
		} catch (problem) {
			if (!stopped.aborted) printRow(eventType, eventId, response, '?', getErrorMessage(problem));
		}
	});
}

/** Sends an event every 5 s, some of them forged. */
export async function sendEvents(
	{ simulator }: TestEnvironment,
	stopped: AbortSignal,
): Promise<void> {
	for (let count = 0; !stopped.aborted; count++) {
		const type = EVENTS[count % EVENTS.length] ?? '';
		if (type === FORGED) sendForgedEvent(simulator);
		else simulator.emit(type);
		await sleep(INTERVAL_MS, undefined, { signal: stopped }).catch(() => {});
	}
}

/** False for the webhooks of workflows that the user has added. */
function isDemoWebhook({ url }: { url: string }): boolean {
	return url.includes(`/webhook/${demoWorkflow.id}/`);
}

/** The columns "execution" and "result". */
async function waitForResult(
	finder: ExecutionFinder,
	eventId: string,
	status: number | null,
): Promise<[string, string]> {
	if (status === null) return ['none', 'n8n could not be reached; the delivery will be retried'];
	if (status >= 300) return ['none', 'rejected; no workflow was started'];
	const execution = await finder.waitForExecution(eventId, TIMEOUT_MS);
	return [`${execution.id} ${execution.status}`, getMessage(execution)];
}

/** Sends a request with an invalid signature, as someone would who knows the URL but not the secret. */
function sendForgedEvent(simulator: TestEnvironment['simulator']): void {
	const webhook = simulator.webhooks().find(isDemoWebhook);
	if (!webhook) return;
	simulator.emitRaw({
		webhookId: webhook.id,
		body: JSON.stringify({ id: 'evt_forged', type: 'session.completed', data: {} }),
		headers: { 'X-MindPeeker-Signature': `sha256=${'0'.repeat(64)}` },
		retry: false,
	});
}

function printRow(
	event: string,
	id: string,
	response: string,
	execution: string,
	result: string,
): void {
	console.log(
		[event.padEnd(26), id.padEnd(22), response.padEnd(14), execution.padEnd(12), result].join('  '),
	);
}
