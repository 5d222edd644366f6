import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { expectLinearTime } from '../support/growth.mts';

import { EVENT_TYPES } from '../../nodes/shared/events/index.ts';
import { toList } from '../../nodes/shared/list.ts';

const [ONE, TWO] = ['session.completed', 'session.failed'];
const [PHOTO, PLAN] = ['https://example.com/1.jpg', 'https://example.com/2.jpg'];

describe('a list of names', () => {
	it.each<[string, unknown]>([
		['a list', [ONE, TWO]],
		['lists in a list', [[ONE], [[TWO]]]],
		['JSON', `["${ONE}","${TWO}"]`],
		['JSON on several lines', `\n[\n  "${ONE}",\n  "${TWO}"\n]\n`],
		['JSON with single quotes', `['${ONE}', '${TWO}']`],
		['JSON with a comma too many', `["${ONE}","${TWO}",]`],
		['a list without quotes', `[${ONE}, ${TWO}]`],
		['JSON inside a list', [`["${ONE}"]`, `['${TWO}']`]],
		['JSON inside JSON', JSON.stringify([`["${ONE}","${TWO}"]`])],
		['JSON that is written as JSON', JSON.stringify(JSON.stringify([ONE, TWO]))],
		['JSON in a code block', `\`\`\`json\n["${ONE}","${TWO}"]\n\`\`\``],
		['commas', `${ONE},${TWO}`],
		['commas and spaces', ` ${ONE} , ${TWO} ,`],
		['semicolons', `${ONE};${TWO};`],
		['lines', `${ONE}\r\n${TWO}\n\n`],
		['quotes and commas', `"${ONE}","${TWO}"`],
		['single texts with blanks between', [ONE, '', null, undefined, ' ', [], TWO]],
	])('may be given as %s', (_, value) => {
		expect(toList(value)).toEqual([ONE, TWO]);
	});

	it.each([undefined, null, '', ' \n', [], '[]', '[ ]', "['']", ',;', [[]], '""'])(
		'has no entries if it is %j',
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
	])('keeps its entries as they are: %j', (entries) => {
		expect(toList(entries)).toEqual(entries);
		expect(toList(JSON.stringify(entries))).toEqual(entries);
	});

	it('is the same in every notation', () => {
		const names = fc.array(fc.constantFrom(...EVENT_TYPES.map(({ type }) => type)));
		const notations = [
			(list: string[]) => JSON.stringify(list),
			(list: string[]) => JSON.stringify(list, null, 2),
			(list: string[]) => `[${list.map((name) => `'${name}'`).join(' , ')}]`,
			...[',', ', ', ';', '\n', ' ;\r\n'].map((mark) => (list: string[]) => list.join(mark)),
		];
		fc.assert(
			fc.property(names, fc.constantFrom(...notations), (list, notation) => {
				expect(toList(notation(list))).toEqual(list);
			}),
		);
	});
});

describe('a list of URLs', () => {
	it.each<[string, string]>([
		['JSON', `["${PHOTO}","${PLAN}"]`],
		['JSON with single quotes', `['${PHOTO}','${PLAN}']`],
		['commas', `${PHOTO},${PLAN}`],
		['commas and spaces', `${PHOTO}, ${PLAN}`],
		['semicolons', `${PHOTO};${PLAN}`],
		['lines', `${PHOTO}\n${PLAN}`],
	])('may be given as %s', (_, text) => {
		expect(toList(text)).toEqual([PHOTO, PLAN]);
	});

	it.each([
		'https://example.com/w_400,h_400/photo.jpg',
		'https://example.com/a;v=1?x=[1,2]',
		'https://example.com/a,b.jpg?at=40.7,-74.0',
	])('keeps the URL %s in one piece', (url) => {
		for (const value of [url, [url], JSON.stringify([url]), `['${url}']`]) {
			expect(toList(value)).toEqual([url]);
		}
		expect(toList(`${url}, ${PLAN}`)).toEqual([url, PLAN]);
	});
});

it('entries that are not text stay as they are', () => {
	expect(toList([7, { a: 1 }, false, 'x'])).toEqual([7, { a: 1 }, false, 'x']);
	expect(toList('[7, {"a": 1}]')).toEqual([7, { a: 1 }]);
	expect(toList(7)).toEqual([7]);
});

it.each([',', 'a,', '"', '[', 'a:', ';x'])('a text that repeats %j takes linear time', (part) => {
	expectLinearTime((size) => toList(part.repeat(size)), 10_000);
	expectLinearTime((size) => toList(`[${part.repeat(size)}]`), 10_000);
});

it('any value is read without an error', () => {
	fc.assert(
		fc.property(fc.anything(), (value) => {
			expect(toList(value).some((entry) => entry === '')).toBe(false);
		}),
	);
});
