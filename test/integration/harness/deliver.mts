import { request } from 'node:http';

import { sign } from '../../../nodes/shared/signature.ts';

export const SECRET = 'secret';

export const createEvent = (id: string) => ({ id, type: 'session.completed', data: {} });

function signEvent(id: string) {
	const body = JSON.stringify(createEvent(id));
	return { body, headers: { 'X-MindPeeker-Signature': sign(Buffer.from(body), SECRET) } };
}

/** Delivers a signed event and returns the status of the response. */
export async function deliver(url: string, id: string): Promise<number> {
	return (await deliverAndRead(url, id)).status;
}

/** Delivers a signed event and returns the response. */
export async function deliverAndRead(
	url: string,
	id: string,
): Promise<{ status: number; text: string }> {
	const response = await fetch(url, { method: 'POST', ...signEvent(id) });
	return { status: response.status, text: await response.text() };
}

/** Delivers a signed event. The returned function closes the connection before the response. */
export function deliverAndDisconnect(url: string, id: string): () => void {
	const { body, headers } = signEvent(id);
	const outgoing = request(url, { method: 'POST', headers });
	outgoing.on('error', () => {});
	outgoing.end(body);
	return () => outgoing.destroy();
}
