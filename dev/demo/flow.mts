import { setTimeout as sleep } from 'node:timers/promises';

import type { Stage } from '../testEnvironment/stage.mts';
import { messageOf, Outcomes } from './outcome.mts';
import { demoWorkflow } from './workflow.mts';

const PAUSE_MS = 5_000;
const PATIENCE_MS = 15_000;
const TURNS = [
	'session.completed',
	'a forged session.completed',
	'analysis.completed',
	'dowsing.query_completed',
	'account.payment_failed',
];

/** Lets events flow until `stopped`, a forged one among them, and prints a line for each that was delivered. */
export async function showOn({ n8n, simulator }: Stage, stopped: AbortSignal): Promise<void> {
	const outcomes = new Outcomes(n8n);
	print('event', 'id', 'answer', 'execution', 'what came out');
	simulator.on('attempt', async ({ status, error, durationMs }, { eventId, eventType, url }) => {
		const answer = `${error ?? status} in ${durationMs.toFixed(0)} ms`;
		if (!isOfDemo({ url }))
			return print(eventType, eventId, answer, '', 'to a webhook of your own');
		try {
			print(eventType, eventId, answer, ...(await whatCameOut(outcomes, eventId, status)));
		} catch (failure) {
			if (!stopped.aborted) print(eventType, eventId, answer, '?', String(failure));
		}
	});
	for (let turn = 0; !stopped.aborted; turn++) {
		const type = TURNS[turn % TURNS.length] ?? '';
		if (type.startsWith('a forged')) forge(simulator);
		else simulator.emit(type);
		await sleep(PAUSE_MS, undefined, { signal: stopped }).catch(() => {});
	}
}

/** Whoever tries the demo may build workflows beside its own. */
function isOfDemo({ url }: { url: string }): boolean {
	return url.includes(`/webhook/${demoWorkflow.id}/`);
}

/** The execution and its result, as the last two columns. */
async function whatCameOut(
	outcomes: Outcomes,
	eventId: string,
	status: number | null,
): Promise<[string, string]> {
	if (status === null) return ['none', 'n8n was not reached, and MindPeeker will try again'];
	if (status >= 300) return ['none', 'refused, and nothing started'];
	const execution = await outcomes.of(eventId, PATIENCE_MS);
	if (!execution) return ['?', `no execution ended within ${PATIENCE_MS / 1_000} s`];
	return [`${execution.id} ${execution.status}`, messageOf(execution)];
}

/** What somebody sends who knows the url and not the secret. */
function forge(simulator: Stage['simulator']): void {
	const webhook = simulator.webhooks().find(isOfDemo);
	if (!webhook) return;
	simulator.emitRaw({
		webhookId: webhook.id,
		body: JSON.stringify({ id: 'evt_forged', type: 'session.completed', data: {} }),
		headers: { 'X-MindPeeker-Signature': `sha256=${'0'.repeat(64)}` },
		retry: false,
	});
}

function print(event: string, id: string, answer: string, execution: string, result: string): void {
	console.log(
		[event.padEnd(26), id.padEnd(22), answer.padEnd(14), execution.padEnd(12), result].join('  '),
	);
}
