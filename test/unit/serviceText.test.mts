import { describe, expect, it } from '@jest/globals';

import { inOneLine, presentable } from '../../nodes/shared/serviceText.ts';

describe('a text of the service', () => {
	it.each([
		['lines', 'one\r\n\n two\tthree', 'one two three'],
		['colours of a terminal', 'red \u001b[31malert', 'red [31malert'],
		['letters that turn the direction', 'a\u202egpj.exe', 'a gpj.exe'],
		['letters without a width', 'ECONN\u200bREFUSED', '… REFUSED'],
		['half a character', 'a\ud800b', 'a b'],
		['space around it', ' \u00a0ünï \u2028', 'ünï'],
		['a word by which n8n gives up', 'no Authorization here', 'no … here'],
		['codes that n8n puts its own text for', 'ECONNRESET, EADDRINUSE, EPERM', '…, …, …'],
	])('with %s can be shown', (_, text, shown) => {
		expect(presentable(text)).toBe(shown);
	});

	it('is cut where it is long', () => {
		expect(presentable(`${'x'.repeat(300)}y`)).toBe('x'.repeat(300));
		expect(presentable(`${'x'.repeat(299)}😀`)).toBe('x'.repeat(299));
	});

	it('in one line has all its words', () => {
		expect(inOneLine(' authorization\n'.repeat(50))).toHaveLength(50 * 14 - 1);
	});
});
