import type { IHookFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, it, jest } from '@jest/globals';
import { waitFor } from '../../support/jest.mts';

import { MAX_RESPONSE_BYTES, readBody, send } from '../../../nodes/shared/api/transport.ts';

const MIB = 1024 * 1024;

/** Creates a context of n8n with a stub for its HTTP client, and the options of the requests. */
function createContext(respond: () => Promise<object>) {
	const requests: IHttpRequestOptions[] = [];
	const httpRequestWithAuthentication = async (_: string, request: IHttpRequestOptions) => {
		requests.push(request);
		return await respond();
	};
	const context = { helpers: { httpRequestWithAuthentication } } as unknown as IHookFunctions;
	return { context, requests };
}
const request = { method: 'GET', url: 'http://127.0.0.1:9/', credential: {} } as const;

describe('send', () => {
	it.each<[string, () => Promise<object>]>([
		['response', async () => ({ statusCode: 200, headers: {}, body: Readable.from(['{}']) })],
		[
			'error',
			async () => {
				throw new Error('gone');
			},
		],
	])('removes its listeners after a %s', async (_, respond) => {
		const { context, requests } = createContext(respond);
		await send(context, request);
		expect(requests).toHaveLength(1);
		expect(getEventListeners(requests[0]!.abortSignal as AbortSignal, 'abort')).toEqual([]);
	});

	it('destroys a response that arrives after the timeout', async () => {
		const deadline = new AbortController();
		const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(deadline.signal);
		const body = new Readable({ read() {} });
		let respond = () => {};
		const late = new Promise<object>((resolve) => {
			respond = () => resolve({ statusCode: 200, headers: {}, body });
		});
		const result = send(createContext(() => late).context, request);
		deadline.abort(new Error('late'));
		expect(await result).toEqual({ kind: 'network', cause: 'ETIMEDOUT' });
		respond();
		await waitFor(() => expect(body.destroyed).toBe(true));
		timeout.mockRestore();
	});
});

describe('readBody', () => {
	const neverAborted = () => new AbortController().signal;
	const read = async (chunks: Array<string | Uint8Array>, maxBytes = MIB) =>
		await readBody(
			Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
			maxBytes,
			neverAborted(),
		);
	const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

	it.each<[string, unknown]>([
		['{"id":"wh_1"}', { id: 'wh_1' }],
		['[]', []],
		['null', null],
		['7', 7],
		['', ''],
		[' \n', ''],
	])('parses %j as JSON', async (text, json) => {
		expect(await read([text])).toEqual({ json });
	});

	it.each(['<html></html>', 'no healthy upstream', '{"cut'])('returns %j as text', async (text) => {
		expect(await read([text])).toEqual({ text });
	});

	it('returns the start of a page that is too large', async () => {
		const page = ['<html><title>Blocked</title>', 'x'.repeat(MIB), 'x'.repeat(MIB)];
		expect(await read(page)).toEqual({ text: page.slice(0, 2).join('') });
		expect(await read([page.join('')])).toEqual({ text: page.join('') });
	});

	it('joins chunks that split a character', async () => {
		const bytes = Buffer.from('"\u{1f52e}"');
		const chunks = [...bytes].map((byte) => Uint8Array.of(byte));
		expect(await read(chunks)).toEqual({ json: '\u{1f52e}' });
	});

	it('accepts exactly the size limit', async () => {
		const largest = ['"', 'x'.repeat(MIB - 2), '"'];
		expect(await read(largest)).toEqual({ json: 'x'.repeat(MIB - 2) });
		expect(await read([...largest, ' '])).toEqual({
			problem: 'its response is larger than 1 MiB',
		});
	});

	it('has a default limit of 1 MiB', () => {
		expect(MAX_RESPONSE_BYTES).toBe(MIB);
	});

	it('stops reading at the size limit', async () => {
		let reads = 0;
		const stream = new Readable({
			read() {
				reads++;
				this.push(Buffer.alloc(MIB / 4));
			},
		});
		expect(await readBody(stream, MIB, neverAborted())).toHaveProperty('problem');
		expect(stream.destroyed).toBe(true);
		expect(reads).toBeLessThan(10);
	});

	it('accepts at most 100 levels', async () => {
		expect(await read([nested(100)])).toHaveProperty('json');
		expect(await read([nested(101)])).toEqual({ problem: 'its response is nested too deeply' });
	});

	it('stops if the signal is aborted', async () => {
		const [stream, aborting] = [new Readable({ read() {} }), new AbortController()];
		const reading = readBody(stream, MIB, aborting.signal);
		aborting.abort();
		await expect(reading).rejects.toThrow('The response timed out');
		expect(stream.destroyed).toBe(true);
	});

	it('removes its listener from the signal', async () => {
		const { signal } = new AbortController();
		await readBody(Readable.from([Buffer.from('{}')]), MIB, signal);
		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});
});
