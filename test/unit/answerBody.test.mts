import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';

import { MAX_ANSWER_BYTES, readAnswerBody } from '../../nodes/shared/answerBody.ts';

const MIB = 1024 * 1024;
const never = () => new AbortController().signal;
const read = async (pieces: Array<string | Uint8Array>, maxBytes = MIB) =>
	await readAnswerBody(Readable.from(pieces.map((piece) => Buffer.from(piece))), maxBytes, never());
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('the body of an answer', () => {
	it.each<[string, unknown]>([
		['{"id":"wh_1"}', { id: 'wh_1' }],
		['[]', []],
		['null', null],
		['7', 7],
		['', ''],
		[' \n', ''],
	])('%j is what it says', async (text, body) => {
		expect(await read([text])).toEqual({ body });
	});

	it.each(['<html></html>', 'no healthy upstream', '{"cut'])('%j is a text', async (text) => {
		expect(await read([text])).toEqual({ text });
	});

	it('is cut where a page is too large', async () => {
		const page = ['<html><title>Blocked</title>', 'x'.repeat(MIB), 'x'.repeat(MIB)];
		expect(await read(page)).toEqual({ text: page.slice(0, 2).join('') });
		expect(await read([page.join('')])).toEqual({ text: page.join('') });
	});

	it('may be cut anywhere, in the middle of a character too', async () => {
		const bytes = Buffer.from('"\u{1f52e}"');
		const pieces = [...bytes].map((byte) => Uint8Array.of(byte));
		expect(await read(pieces)).toEqual({ body: '\u{1f52e}' });
	});

	it('may be as large as is said, and no byte larger', async () => {
		const largest = ['"', 'x'.repeat(MIB - 2), '"'];
		expect(await read(largest)).toEqual({ body: 'x'.repeat(MIB - 2) });
		expect(await read([...largest, ' '])).toEqual({ flaw: 'its answer is larger than 1 MiB' });
	});

	it('may be of 1 MiB where nothing else is said', () => {
		expect(MAX_ANSWER_BYTES).toBe(MIB);
	});

	it('is not read on where it is too large', async () => {
		let given = 0;
		const stream = new Readable({
			read() {
				given++;
				this.push(Buffer.alloc(MIB / 4));
			},
		});
		expect(await readAnswerBody(stream, MIB, never())).toHaveProperty('flaw');
		expect(stream.destroyed).toBe(true);
		expect(given).toBeLessThan(10);
	});

	it('may be nested 100 deep, and no deeper', async () => {
		expect(await read([nested(100)])).toHaveProperty('body');
		expect(await read([nested(101)])).toEqual({ flaw: 'its answer is nested too deeply' });
	});

	it('is given up when the signal says so', async () => {
		const [stream, stopping] = [new Readable({ read() {} }), new AbortController()];
		const reading = readAnswerBody(stream, MIB, stopping.signal);
		stopping.abort();
		await expect(reading).rejects.toThrow('The answer came too late');
		expect(stream.destroyed).toBe(true);
	});

	it('leaves nothing on the signal', async () => {
		const { signal } = new AbortController();
		await readAnswerBody(Readable.from([Buffer.from('{}')]), MIB, signal);
		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});
});
