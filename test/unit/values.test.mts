import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { expectLinearTime } from '../support/linearTime.mts';

import { EVENT_TYPES } from '../../nodes/shared/events/eventTypes.ts';
import { isBlank, isHttpUrl, parseBoolean, toList, toNumber } from '../../nodes/shared/values.ts';

const [ONE, TWO] = ['session.completed', 'session.failed'];
const [PHOTO, PLAN] = ['https://example.com/1.jpg', 'https://example.com/2.jpg'];

describe('toList', () => {
	it.each<[string, unknown]>([
		['a list', [ONE, TWO]],
		['nested lists', [[ONE], [[TWO]]]],
		['JSON', `["${ONE}","${TWO}"]`],
		['JSON on several lines', `\n[\n  "${ONE}",\n  "${TWO}"\n]\n`],
		['JSON with single quotes', `['${ONE}', '${TWO}']`],
		['JSON with a trailing comma', `["${ONE}","${TWO}",]`],
		['a list without quotes', `[${ONE}, ${TWO}]`],
		['JSON inside a list', [`["${ONE}"]`, `['${TWO}']`]],
		['JSON inside JSON', JSON.stringify([`["${ONE}","${TWO}"]`])],
		['JSON encoded as a JSON string', JSON.stringify(JSON.stringify([ONE, TWO]))],
		['JSON in a code block', `\`\`\`json\n["${ONE}","${TWO}"]\n\`\`\``],
		['commas', `${ONE},${TWO}`],
		['commas and spaces', ` ${ONE} , ${TWO} ,`],
		['semicolons', `${ONE};${TWO};`],
		['lines', `${ONE}\r\n${TWO}\n\n`],
		['quotes and commas', `"${ONE}","${TWO}"`],
		['a list with blank entries', [ONE, '', null, undefined, ' ', [], TWO]],
	])('reads %s', (_, value) => {
		expect(toList(value)).toEqual([ONE, TWO]);
	});

	it.each([undefined, null, '', ' \n', [], '[]', '[ ]', "['']", ',;', [[]], '""'])(
		'returns no entries for %j',
		(value) => {
			expect(toList(value)).toEqual([]);
		},
	);

	it.each([
		[['data:image/jpeg;base64,/9j/4AAQ']],
		[
			[
				'Report, final.pdf',
				'https://a.example/merge?src=https://b.example/1.jpg,https://c.example',
			],
		],
	])('does not split the entries of a list: %j', (entries) => {
		expect(toList(entries)).toEqual(entries);
		expect(toList(JSON.stringify(entries))).toEqual(entries);
	});

	it('reads every notation', () => {
		const names = fc.array(fc.constantFrom(...EVENT_TYPES.map(({ type }) => type)));
		const notations = [
			(list: string[]) => JSON.stringify(list),
			(list: string[]) => JSON.stringify(list, null, 2),
			(list: string[]) => `[${list.map((name) => `'${name}'`).join(' , ')}]`,
			...[',', ', ', ';', '\n', ' ;\r\n'].map(
				(separator) => (list: string[]) => list.join(separator),
			),
		];
		fc.assert(
			fc.property(names, fc.constantFrom(...notations), (list, notation) => {
				expect(toList(notation(list))).toEqual(list);
			}),
		);
	});
});

describe('toList with URLs', () => {
	it.each<[string, string]>([
		['JSON', `["${PHOTO}","${PLAN}"]`],
		['JSON with single quotes', `['${PHOTO}','${PLAN}']`],
		['commas', `${PHOTO},${PLAN}`],
		['commas and spaces', `${PHOTO}, ${PLAN}`],
		['semicolons', `${PHOTO};${PLAN}`],
		['lines', `${PHOTO}\n${PLAN}`],
	])('reads %s', (_, text) => {
		expect(toList(text)).toEqual([PHOTO, PLAN]);
	});

	it.each([
		'https://example.com/w_400,h_400/photo.jpg',
		'https://example.com/a;v=1?x=[1,2]',
		'https://example.com/a,b.jpg?at=40.7,-74.0',
	])('does not split the URL %s', (url) => {
		for (const value of [url, [url], JSON.stringify([url]), `['${url}']`]) {
			expect(toList(value)).toEqual([url]);
		}
		expect(toList(`${url}, ${PLAN}`)).toEqual([url, PLAN]);
	});
});

it('toList keeps entries that are not strings', () => {
	expect(toList([7, { a: 1 }, false, 'x'])).toEqual([7, { a: 1 }, false, 'x']);
	expect(toList('[7, {"a": 1}]')).toEqual([7, { a: 1 }]);
	expect(toList(7)).toEqual([7]);
});

it.each([',', 'a,', '"', '[', 'a:', ';x'])(
	'toList takes linear time for repetitions of %j',
	(part) => {
		expectLinearTime((size) => toList(part.repeat(size)), 1_000);
		expectLinearTime((size) => toList(`[${part.repeat(size)}]`), 1_000);
	},
);

it('toList accepts any value', () => {
	fc.assert(
		fc.property(fc.anything(), (value) => {
			expect(toList(value).some((entry) => entry === '')).toBe(false);
		}),
	);
});

describe('isBlank', () => {
	it.each([undefined, null, '', ' \t\n', [], ['', null], [[' ']]])('%j is blank', (value) => {
		expect(isBlank(value)).toBe(true);
	});

	it.each([0, false, NaN, 'x', ' x ', [0], [['x']], {}])('%j is not blank', (value) => {
		expect(isBlank(value)).toBe(false);
	});
});

describe('parseBoolean', () => {
	it.each<[unknown, boolean | undefined]>([
		[true, true],
		[false, false],
		[' TRUE ', true],
		['false', false],
		['', undefined],
		['yes', undefined],
		[1, undefined],
		[null, undefined],
		[undefined, undefined],
		[{ toString: '' }, undefined],
	])('reads %j as %j', (value, result) => {
		expect(parseBoolean(value)).toBe(result);
	});
});

describe('toNumber', () => {
	it.each<[unknown, number]>([
		[0, 0],
		[-2.5, -2.5],
		['40.7', 40.7],
		[' 1e3 ', 1000],
		['0', 0],
		[Infinity, Infinity],
		['', NaN],
		[' \n', NaN],
		['x', NaN],
		['1,5', NaN],
		[null, NaN],
		[undefined, NaN],
		[true, NaN],
		[false, NaN],
		[[], NaN],
		[[7], NaN],
		[{}, NaN],
		[{ valueOf: () => 7 }, NaN],
	])('reads %j as %d', (value, number) => {
		expect(toNumber(value)).toBe(number);
	});

	it('reads any number that was converted to a string', () => {
		fc.assert(
			fc.property(fc.double({ noNaN: true }), (number) => {
				expect(toNumber(String(number)) === number).toBe(true);
			}),
		);
	});

	it('returns NaN for any other type', () => {
		const other = fc.anything().filter((value) => !/^(number|string)$/.test(typeof value));
		fc.assert(
			fc.property(other, (value) => {
				expect(toNumber(value)).toBe(NaN);
			}),
		);
	});
});

describe('isHttpUrl', () => {
	it.each([
		['http://127.0.0.1:4010/v1', true],
		['https://api.example.com', true],
		['ftp://api.example.com', false],
		['httpx://api.example.com', false],
		['xhttp://api.example.com', false],
		['api.example.com', false],
		['', false],
	])('%s: %s', (url, expected) => expect(isHttpUrl(url)).toBe(expected));
});
