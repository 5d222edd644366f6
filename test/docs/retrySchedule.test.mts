import { describe, expect, it } from '@jest/globals';

import {
	ATTEMPT_DELAYS_S,
	ATTEMPTS,
	LAST_ATTEMPT_MS,
	PENDING_TIMEOUT_MS,
	RESPONSE_TIMEOUT_MS,
	RETRY_WINDOW_MINUTES,
	RETRY_WINDOW_MS,
	SECRET_OVERLAP_HOURS,
} from '../../nodes/shared/retrySchedule.ts';
import { PAGES, readPage } from './harness/pages.mts';
import { SCREEN_TEXTS } from './harness/screens.mts';

const TEXTS = [...PAGES.map((page) => ({ location: page, text: readPage(page) })), ...SCREEN_TEXTS];
const NUMBER_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
const NUMBER_WORD = NUMBER_WORDS.slice(2).join('|');

/** Such as `1 h 42 min 35 s`. */
function formatDuration(ms: number): string {
	const seconds = ms / 1_000;
	const parts = [
		[Math.floor(seconds / 3_600), 'h'],
		[Math.floor(seconds / 60) % 60, 'min'],
		[seconds % 60, 's'],
	];
	return parts
		.filter(([value]) => value !== 0)
		.map((part) => part.join(' '))
		.join(' ');
}

/** Such as `30 seconds` and `1 hour`. */
function formatInWords(seconds: number): string {
	const [value, unit] =
		seconds >= 3_600
			? [seconds / 3_600, 'hour']
			: seconds >= 60
				? [seconds / 60, 'minute']
				: [seconds, 'second'];
	return `${value} ${unit}${value === 1 ? '' : 's'}`;
}

/** The age of an event at an attempt, in seconds. */
function getAgeS(attempt: number): number {
	return ATTEMPT_DELAYS_S.slice(0, attempt + 1).reduce((total, delay) => total + delay, 0);
}

/** Each pattern captures a value. Every match, on a page or in the editor, must have one of the expected values. */
const FACTS: Array<{ fact: string; pattern: RegExp; expected: string[] }> = [
	{
		fact: 'the number of attempts',
		pattern: new RegExp(`\\b(${NUMBER_WORD})(?: failed)? attempts\\b`, 'gi'),
		expected: [NUMBER_WORDS[ATTEMPTS]!],
	},
	{
		fact: 'how often an event is delivered',
		pattern: new RegExp(`\\bup to (${NUMBER_WORD}) times\\b`, 'gi'),
		expected: [NUMBER_WORDS[ATTEMPTS]!],
	},
	{
		fact: 'the time to the last attempt, and the retry window',
		pattern: /\b(\d+ h \d+ min(?: \d+ s)?)\b/g,
		expected: [formatDuration(LAST_ATTEMPT_MS), formatDuration(RETRY_WINDOW_MS)],
	},
	{
		fact: 'the retry window in minutes',
		pattern: /\b(10\d minutes)\b/g,
		expected: [`${RETRY_WINDOW_MINUTES} minutes`],
	},
	{
		fact: 'how long the previous secret must stay valid',
		pattern: new RegExp(`\\b(${NUMBER_WORD}|\\d+) hours\\b`, 'gi'),
		expected: [NUMBER_WORDS[SECRET_OVERLAP_HOURS]!, String(SECRET_OVERLAP_HOURS)],
	},
	{
		fact: 'the response timeout',
		pattern:
			/\b(?:responds? within|times out after|takes (?:more|longer) than) \*{0,2}(\d+ (?:seconds|s))\b/gi,
		expected: [formatDuration(RESPONSE_TIMEOUT_MS), formatInWords(RESPONSE_TIMEOUT_MS / 1_000)],
	},
	{
		fact: 'how long a delivery may wait for n8n',
		pattern: /\bmore than (\d+ minutes) later\b/g,
		expected: [formatInWords(PENDING_TIMEOUT_MS / 1_000)],
	},
	{
		fact: 'the delay of the first retry',
		pattern: /\bfirst retry comes (\d+ \w+)/g,
		expected: [formatInWords(ATTEMPT_DELAYS_S[1]!)],
	},
	{
		fact: 'the retries that a maximum age of five minutes would drop',
		pattern: new RegExp(`\\bdrop the last (${NUMBER_WORD}) retries\\b`, 'g'),
		expected: [NUMBER_WORDS[ATTEMPT_DELAYS_S.filter((_, index) => getAgeS(index) > 300).length]!],
	},
	{
		fact: 'the delays of the retries',
		pattern: /\bretries after ([\w ,]+ and \d+ \w+)/g,
		expected: [
			ATTEMPT_DELAYS_S.slice(1)
				.map(formatInWords)
				.join(', ')
				.replace(/, ([^,]+)$/, ' and $1'),
		],
	},
];

describe.each(FACTS)('$fact', ({ pattern, expected }) => {
	const statements = TEXTS.flatMap(({ location, text }) =>
		[...text.matchAll(pattern)].map(([match, value = '']) => ({ location, match, value })),
	);

	it('is documented as the retry schedule defines it', () => {
		const wrong = statements.filter(({ value }) => !expected.includes(value.toLowerCase()));
		expect(wrong).toEqual([]);
	});

	it('is documented at least once', () => {
		expect(statements).not.toEqual([]);
	});
});

it('docs/mindpeeker-api.md lists the delay of each attempt', () => {
	const rows = [...readPage('docs/mindpeeker-api.md').matchAll(/^\| (\d) +\| (.+?) +\|$/gm)];
	expect(rows.map(([, attempt, delay]) => [attempt, delay])).toEqual(
		ATTEMPT_DELAYS_S.map((delay, index) => [
			String(index + 1),
			delay === 0 ? expect.any(String) : formatDuration(delay * 1_000),
		]),
	);
});
