import { sign } from '../../nodes/shared/signature.ts';
import { sendRaw } from './sendRaw.mts';

/** Delivers an event once. Rejects unless the response is 200. */
export async function deliverEvent(url: string, secret: string, id: string): Promise<void> {
	const event = { id, type: 'session.completed', data: { session_id: 'sess_1' }, livemode: true };
	const body = Buffer.from(JSON.stringify(event));
	const signature = ['X-MindPeeker-Signature', sign(body, secret)];
	const headers = ['Content-Type', 'application/json', ...signature];
	const { status } = await sendRaw(url, { headers, body });
	if (status !== 200) throw new Error(`the response to ${id} was ${status}`);
}
