// What one delivery costs inside `webhook()`, without n8n around it: `npm run bench -- delivery`.
import { createHmac, randomBytes } from 'node:crypto';
import type { IWebhookFunctions } from 'n8n-workflow';

import { MindPeekerTrigger } from '../../nodes/MindPeekerTrigger/MindPeekerTrigger.node.ts';
import { withWrongSignature } from './throughput/contenders/contender.mts';
import { signedEvent, type Delivery } from './load.mts';
import { median, spread } from './statistics.mts';

const EVENTS_PER_ROUND = 5_000;
const ROUNDS = 31;

const secret = randomBytes(32).toString('hex');
const trigger = new MindPeekerTrigger();
let eventsSoFar = 0;

/** What n8n gives to `webhook()`, and nothing of what it does meanwhile. */
function contextOf(
	{ body, headers }: Delivery,
	options: object,
	workflowId: string,
): IWebhookFunctions {
	const signature = headers['X-MindPeeker-Signature'];
	const response = {
		statusCode: 200,
		status(code: number) {
			this.statusCode = code;
			return this;
		},
		type: () => response,
		setHeader: () => response,
		send: () => response.end(),
		end: () => response,
	};
	const parameters: Record<string, unknown> = { events: ['*'], options };
	const silent = () => {};
	return {
		getCredentials: async () => ({}),
		getMode: () => 'webhook',
		getNode: () => ({ id: 'node', name: 'MindPeeker Trigger' }),
		getNodeParameter: (name: string, fallback: unknown) => parameters[name] ?? fallback,
		getRequestObject: () => ({
			headers: { 'x-mindpeeker-signature': signature },
			ip: '127.0.0.1',
			rawBody: body,
		}),
		getResponseObject: () => response,
		getWebhookName: () => 'default',
		getWorkflow: () => ({ id: workflowId, name: 'Events', active: true }),
		getWorkflowStaticData: () => ({ registration: { generatedSecret: secret } }),
		logger: { debug: silent, info: silent, warn: silent, error: silent },
	} as unknown as IWebhookFunctions;
}

/** Microseconds for each delivery, answered as n8n would once it has the execution. */
async function time(contexts: readonly IWebhookFunctions[], status: number): Promise<number> {
	const started = process.hrtime.bigint();
	for (const context of contexts) {
		const { noWebhookResponse } = await trigger.webhook.call(context);
		const response = context.getResponseObject();
		if (!noWebhookResponse) response.end();
		if (response.statusCode !== status) throw new Error(`Answered ${response.statusCode}`);
	}
	return Number(process.hrtime.bigint() - started) / contexts.length / 1e3;
}

async function measure(
	name: string,
	options: object,
	{ isForged = false, fields = {} }: { isForged?: boolean; fields?: object } = {},
) {
	const rounds: number[] = [];
	const bare: number[] = [];
	for (let round = 0; round < ROUNDS; round++) {
		const deliveries = Array.from({ length: EVENTS_PER_ROUND }, () => {
			const id = `evt_${(eventsSoFar++).toString(16).padStart(16, '0')}`;
			const genuine = signedEvent(id, secret, fields);
			return isForged ? withWrongSignature(genuine) : genuine;
		});
		const contexts = deliveries.map((delivery) => contextOf(delivery, options, name));
		rounds.push(await time(contexts, isForged ? 401 : 200));
		bare.push(bareHmac(deliveries));
	}
	return {
		delivery: name,
		'µs (median)': Number(median(rounds).toFixed(1)),
		'(min–max)': spread(rounds),
		'of which HMAC': Number(median(bare).toFixed(1)),
		'a second': Math.round(1e6 / median(rounds)),
	};
}

function bareHmac(deliveries: readonly Delivery[]): number {
	const started = process.hrtime.bigint();
	for (const { body } of deliveries) createHmac('sha256', secret).update(body).digest();
	return Number(process.hrtime.bigint() - started) / deliveries.length / 1e3;
}

console.log(`\nOne delivery, ${ROUNDS} rounds of ${EVENTS_PER_ROUND}`);
console.table([
	await measure('deduplication off', { deduplication: 'off' }),
	await measure('deduplication in memory', { deduplication: 'memory' }),
	await measure('durable (the same here)', {}),
	await measure(
		'every filter set',
		{
			allowedIps: '10.0.0.0/8, 127.0.0.1',
			livemode: 'live',
			maxEventAge: 60,
			minimumConfidence: 0.5,
		},
		{
			fields: {
				created_at: new Date().toISOString(),
				data: { session_id: 'sess_1', confidence_score: 0.9 },
			},
		},
	),
	await measure('forged', {}, { isForged: true }),
]);
process.exit(); // what sums up each minute in n8n's log would keep it going
