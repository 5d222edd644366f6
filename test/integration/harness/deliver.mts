import { request } from 'node:http';

import { sign } from '../../../nodes/shared/signature.ts';

export const SECRET = 'secret';

/** A genuine event with this id. */
export const eventOf = (id: string) => ({ id, type: 'session.completed', data: {} });

function signed(id: string) {
	const body = JSON.stringify(eventOf(id));
	return { body, headers: { 'X-MindPeeker-Signature': sign(Buffer.from(body), SECRET) } };
}

/** Brings an event and gives the status of the answer. */
export async function deliver(url: string, id: string): Promise<number> {
	return (await answerTo(url, id)).status;
}

/** Brings an event and gives the answer. */
export async function answerTo(url: string, id: string): Promise<{ status: number; text: string }> {
	const response = await fetch(url, { method: 'POST', ...signed(id) });
	return { status: response.status, text: await response.text() };
}

/** Brings an event, and gives what makes the sender leave before an answer comes. */
export function deliverUnheard(url: string, id: string): () => void {
	const { body, headers } = signed(id);
	const sending = request(url, { method: 'POST', headers });
	sending.on('error', () => {});
	sending.end(body);
	return () => sending.destroy();
}
