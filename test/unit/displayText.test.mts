import { describe, expect, it } from '@jest/globals';

import { toSingleLine, toDisplayText } from '../../nodes/shared/displayText.ts';

describe('toDisplayText', () => {
	it.each([
		['line breaks', 'one\r\n\n two\tthree', 'one two three'],
		['terminal colors', 'red \u001b[31malert', 'red [31malert'],
		['bidirectional marks', 'a\u202egpj.exe', 'a gpj.exe'],
		['zero-width characters', 'ECONN\u200bREFUSED', '… REFUSED'],
		['a lone surrogate', 'a\ud800b', 'a b'],
		['surrounding space', ' \u00a0ünï \u2028', 'ünï'],
		['the word that ends the retries of n8n', 'no Authorization here', 'no … here'],
		['error codes', 'ECONNRESET, EADDRINUSE, EPERM', '…, …, …'],
	])('handles %s', (_, text, expected) => {
		expect(toDisplayText(text)).toBe(expected);
	});

	it('shortens long texts', () => {
		expect(toDisplayText(`${'x'.repeat(300)}y`)).toBe('x'.repeat(300));
		expect(toDisplayText(`${'x'.repeat(299)}😀`)).toBe('x'.repeat(299));
	});

	it('toSingleLine keeps all words', () => {
		expect(toSingleLine(' authorization\n'.repeat(50))).toHaveLength(50 * 14 - 1);
	});
});
