import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';

import { isWithin, parseAddress, parseRange } from '../../nodes/shared/address.ts';

const within = (address: string, range: string) => {
	const parsed = parseAddress(address);
	const parsedRange = parseRange(range);
	return parsed !== undefined && parsedRange !== undefined && isWithin(parsed, parsedRange);
};

describe('an address', () => {
	it.each(['1.2.3.4', '0.0.0.0', '255.255.255.255', '::', '::1', '1::', '2001:db8::8a2e:370:7334'])(
		'%s is read',
		(text) => expect(parseAddress(text)).toBeDefined(),
	);

	it('of IPv4 is the same when it is written as IPv6', () => {
		expect(parseAddress('::ffff:52.52.52.52')).toEqual(parseAddress('52.52.52.52'));
		expect(parseAddress('::FFFF:3434:3434')).toEqual(parseAddress('52.52.52.52'));
		expect(parseAddress('::ffff:1.2.3.4')).toEqual(parseAddress('1.2.3.4'));
	});

	it.each([
		'',
		' ',
		'1.2.3',
		'1.2.3.4.5',
		'1.2.3.256',
		'01.2.3.4',
		'1.2.3.-4',
		'0x7f.0.0.1',
		'1.2.3.4 ',
		':',
		':::',
		'1:2:3:4:5:6:7',
		'1:2:3:4:5:6:7:8:9',
		'1::2::3',
		'1:2:3:4:5:6:7::8',
		'12345::',
		'g::',
		'::1.2.3',
		'1.2.3.4::',
		'::1.2.3.4:5',
		'fe80::1%eth0',
		'localhost',
	])('"%s" is none', (text) => expect(parseAddress(text)).toBeUndefined());

	it('has the zeros that it is written without', () => {
		const bytes = [0, 1, ...new Array<number>(12).fill(0), 0, 2];
		expect(parseAddress('1::2')).toEqual({ family: 6, bytes });
	});

	it('of a range may be IPv4 that is written as IPv6', () => {
		expect(within('10.1.2.3', '::ffff:10.0.0.0/104')).toBe(true);
		expect(within('11.1.2.3', '::ffff:10.0.0.0/104')).toBe(false);
	});

	it('is one exactly where Node says so', () => {
		const text = fc.oneof(
			fc.ipV4(),
			fc.ipV6(),
			fc.string(),
			fc.stringMatching(/^[0-9a-f:.]{0,24}$/),
		);
		fc.assert(
			fc.property(text, (it) => {
				expect(parseAddress(it) !== undefined).toBe(isIP(it) !== 0);
			}),
			{ numRuns: 2_000 },
		);
	});
});

describe('a range', () => {
	it('holds the addresses that agree in its first bits', () => {
		expect(within('10.1.255.255', '10.0.0.0/15')).toBe(true);
		expect(within('10.2.0.0', '10.0.0.0/15')).toBe(false);
		expect(within('2001:db8:ffff::1', '2001:db8::/32')).toBe(true);
		expect(within('2001:db9::1', '2001:db8::/32')).toBe(false);
	});

	it('without a length holds one address', () => {
		expect(within('52.52.52.52', '52.52.52.52')).toBe(true);
		expect(within('52.52.52.53', '52.52.52.52')).toBe(false);
	});

	it('of one family holds none of the other', () => {
		expect(within('1.2.3.4', '::/0')).toBe(false);
		expect(within('::1', '0.0.0.0/0')).toBe(false);
	});

	it.each([
		'',
		'/',
		'/8',
		'10.0.0.0/',
		'10.0.0.0/33',
		'10.0.0.0/-1',
		'10.0.0.0/08',
		'10.0.0.0/8/8',
		'::/129',
		'::ffff:10.0.0.0/8',
	])('"%s" is none', (text) => expect(parseRange(text)).toBeUndefined());

	it("holds what Node's own block list holds", () => {
		const scenario = fc.oneof(
			fc.record({
				family: fc.constant('ipv4' as const),
				a: fc.ipV4(),
				b: fc.ipV4(),
				bits: fc.nat(32),
			}),
			fc.record({
				family: fc.constant('ipv6' as const),
				a: fc.ipV6(),
				b: fc.ipV6(),
				bits: fc.nat(128),
			}),
		);
		fc.assert(
			fc.property(scenario, ({ family, a, b, bits }) => {
				fc.pre(parseAddress(a)?.family === parseAddress(b)?.family);
				fc.pre(!(family === 'ipv6' && parseAddress(a)?.family === 4));
				const list = new BlockList();
				list.addSubnet(a, bits, family);
				expect(within(b, `${a}/${bits}`)).toBe(list.check(b, family));
				expect(within(a, `${a}/${bits}`)).toBe(true);
			}),
			{ numRuns: 2_000 },
		);
	});
});
