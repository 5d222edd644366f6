import type { IHookFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, it, jest } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import { send } from '../../nodes/shared/transport.ts';

/** n8n's context, whose request is answered this way; with what it was asked. */
function contextThat(answer: () => Promise<object>) {
	const asked: IHttpRequestOptions[] = [];
	const httpRequestWithAuthentication = async (_: string, request: IHttpRequestOptions) => {
		asked.push(request);
		return await answer();
	};
	const context = { helpers: { httpRequestWithAuthentication } } as unknown as IHookFunctions;
	return { context, asked };
}
const request = { method: 'GET', url: 'http://127.0.0.1:9/', credential: {} } as const;

describe('a request', () => {
	it.each<[string, () => Promise<object>]>([
		['answered', async () => ({ statusCode: 200, headers: {}, body: Readable.from(['{}']) })],
		[
			'that failed',
			async () => {
				throw new Error('gone');
			},
		],
	])('%s is not kept in memory until its deadline', async (_, answer) => {
		const { context, asked } = contextThat(answer);
		await send(context, request);
		expect(asked).toHaveLength(1);
		expect(getEventListeners(asked[0]!.abortSignal as AbortSignal, 'abort')).toEqual([]);
	});

	it('whose answer comes when it is given up lets go of it', async () => {
		const deadline = new AbortController();
		const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(deadline.signal);
		const body = new Readable({ read() {} });
		let answer = () => {};
		const late = new Promise<object>((resolve) => {
			answer = () => resolve({ statusCode: 200, headers: {}, body });
		});
		const sent = send(contextThat(() => late).context, request);
		deadline.abort(new Error('late'));
		expect(await sent).toEqual({ kind: 'unreachable', cause: 'ETIMEDOUT' });
		answer();
		await waitFor(() => expect(body.destroyed).toBe(true));
		timeout.mockRestore();
	});
});
