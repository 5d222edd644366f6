import { Agent, request, type OutgoingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { sign } from '../../nodes/shared/signature.ts';

const MAX_ATTEMPTS = 20;
const RETRY_MS = 200;

/** What a service sends to tell of an event. */
export interface Delivery {
	body: Buffer;
	headers: OutgoingHttpHeaders;
}

export interface Load {
	url: string;
	deliveries: readonly Delivery[];
	/** How many requests are under way at a time. */
	concurrency: number;
	/** The answer that each must get; 200 where missing. */
	status?: number;
}

/** An event of MindPeeker's, as it delivers it, with these fields as well. */
export function signedEvent(id: string, secret: string, fields: object = {}): Delivery {
	const data = { session_id: 'sess_1' };
	const event = { id, type: 'session.completed', data, livemode: true, ...fields };
	const body = Buffer.from(JSON.stringify(event));
	return { body, headers: { 'X-MindPeeker-Signature': sign(body, secret) } };
}

export interface Answers {
	/** From each delivery's first attempt to the answer that counts, in milliseconds. */
	times: number[];
	/** Attempts that n8n answered with a 5xx. */
	refused: number;
}

/**
 * Makes all deliveries. As services do, it tries again where the answer is a 5xx: n8n gives them by itself where its
 * database does not answer in time. Rejects unless each is answered as it must in the end.
 */
export async function deliverAll(load: Load): Promise<Answers> {
	const { url, deliveries, concurrency, status: expected = 200 } = load;
	const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
	const waiting = [...deliveries].reverse();
	const answers: Answers = { times: [], refused: 0 };
	const untilTaken = async (delivery: Delivery): Promise<number> => {
		for (let attempt = 1; ; attempt++) {
			const status = await deliver(agent, url, delivery);
			if (status < 500 || attempt === MAX_ATTEMPTS) return status;
			answers.refused++;
			await sleep(RETRY_MS);
		}
	};
	const worker = async () => {
		for (let delivery = waiting.pop(); delivery; delivery = waiting.pop()) {
			const started = performance.now();
			const status = await untilTaken(delivery);
			answers.times.push(performance.now() - started);
			if (status !== expected) throw new Error(`${delivery.body} was answered ${status}`);
		}
	};
	try {
		await Promise.all(Array.from({ length: concurrency }, worker));
	} finally {
		agent.destroy();
	}
	return answers;
}

async function deliver(agent: Agent, url: string, { body, headers }: Delivery): Promise<number> {
	return await new Promise((resolve, reject) => {
		const sending = request(url, {
			agent,
			method: 'POST',
			headers: {
				'Content-Type': 'application/json',
				'Content-Length': body.length,
				...headers,
			},
		});
		sending.on('error', reject);
		sending.on('response', (response) => {
			response.resume();
			response.on('end', () => resolve(response.statusCode ?? 0));
		});
		sending.end(body);
	});
}
