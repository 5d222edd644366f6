import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import type { N8n } from '../lab/index.mts';
import { sign } from '../nodes/shared/signature.ts';

export interface Load {
	url: string;
	secret: string;
	ids: readonly string[];
	/** How many requests are under way at a time. */
	concurrency: number;
}

/** Delivers an event for each id, and rejects unless each is answered 200. */
export async function deliverAll({ url, secret, ids, concurrency }: Load): Promise<void> {
	const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
	const waiting = [...ids].reverse();
	const worker = async () => {
		for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
			const status = await deliver(agent, url, secret, id);
			if (status !== 200) throw new Error(`${id} was answered ${status}`);
		}
	};
	await Promise.all(Array.from({ length: concurrency }, worker));
	agent.destroy();
}

async function deliver(agent: Agent, url: string, secret: string, id: string): Promise<number> {
	const event = { id, type: 'session.completed', data: { session_id: 'sess_1' }, livemode: true };
	const body = Buffer.from(JSON.stringify(event));
	return await new Promise((resolve, reject) => {
		const sending = request(url, {
			agent,
			method: 'POST',
			headers: {
				'Content-Type': 'application/json',
				'Content-Length': body.length,
				'X-MindPeeker-Signature': sign(body, secret),
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

/** Waits until so many executions of a workflow have succeeded. */
export async function waitForSuccesses(n8n: N8n, workflowId: string, count: number): Promise<void> {
	while ((await n8n.executions.count({ workflowId, status: ['success'] })) < count) await sleep(50);
}
