import { Agent, request, type OutgoingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { sign } from '../../nodes/shared/signature.ts';

const MAX_ATTEMPTS = 20;
const RETRY_DELAY_MS = 200;

/** A signed webhook request. */
export interface Delivery {
	body: Buffer;
	headers: OutgoingHttpHeaders;
}

export interface Load {
	/** Deliveries go to these URLs in turn. */
	urls: readonly string[];
	deliveries: readonly Delivery[];
	/** Maximum number of open requests. */
	concurrency: number;
	/** Required status of each response; default 200. */
	expectedStatus?: number;
}

export interface LoadResult {
	/** For each delivery, from its first attempt to the last response. */
	latenciesMs: number[];
	/** Number of 5xx responses, each followed by a retry. */
	serverErrors: number;
}

/** A MindPeeker event, signed. */
export function createSignedEvent(id: string, secret: string): Delivery {
	const data = { session_id: 'sess_1' };
	const event = { id, type: 'session.completed', data, livemode: true };
	const body = Buffer.from(JSON.stringify(event));
	return { body, headers: { 'X-MindPeeker-Signature': sign(body, secret) } };
}

/**
 * Sends all deliveries, a fixed number at a time. Retries after a 5xx response, as webhook senders do, because n8n
 * returns 503 when its database is slow. Rejects if a delivery does not get the expected status.
 */
export async function sendConcurrently(load: Load): Promise<LoadResult> {
	const { urls, deliveries, concurrency, expectedStatus = 200 } = load;
	const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
	const result: LoadResult = { latenciesMs: [], serverErrors: 0 };
	let next = 0;
	const sendWithRetries = async (url: string, delivery: Delivery): Promise<number> => {
		for (let attempt = 1; ; attempt++) {
			const status = await send(url, delivery, agent);
			if (status < 500 || attempt === MAX_ATTEMPTS) return status;
			result.serverErrors++;
			await sleep(RETRY_DELAY_MS);
		}
	};
	const sendNext = async () => {
		while (next < deliveries.length) {
			const index = next++;
			const delivery = deliveries[index]!;
			const started = performance.now();
			const status = await sendWithRetries(urls[index % urls.length]!, delivery);
			result.latenciesMs.push(performance.now() - started);
			if (status !== expectedStatus) throw new Error(`Status ${status} for ${delivery.body}`);
		}
	};
	try {
		await Promise.all(Array.from({ length: concurrency }, sendNext));
	} finally {
		agent.destroy();
	}
	return result;
}

/** Sends deliveries at a constant rate, even if responses are slow. Returns the latencies in milliseconds. */
export async function sendAtRate(
	url: string,
	deliveries: readonly Delivery[],
	perSecond: number,
): Promise<number[]> {
	const started = performance.now();
	return await Promise.all(
		deliveries.map(async (delivery, index) => {
			await sleep(started + (index * 1_000) / perSecond - performance.now());
			const sentAt = performance.now();
			const status = await send(url, delivery);
			if (status !== 200) throw new Error(`Status ${status} for ${delivery.body}`);
			return performance.now() - sentAt;
		}),
	);
}

/** Returns the status of the response. */
async function send(url: string, { body, headers }: Delivery, agent?: Agent): Promise<number> {
	return await new Promise((resolve, reject) => {
		const outgoing = request(url, {
			agent,
			method: 'POST',
			headers: {
				'Content-Type': 'application/json',
				'Content-Length': body.length,
				...headers,
			},
		});
		outgoing.on('error', reject);
		outgoing.on('response', (response) => {
			response.resume();
			response.on('end', () => resolve(response.statusCode ?? 0));
		});
		outgoing.end(body);
	});
}
