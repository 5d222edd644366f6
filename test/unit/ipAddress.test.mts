import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';

import {
	isInRange,
	parseForwardedAddress,
	parseIpAddress,
	parseIpRange,
} from '../../nodes/shared/ipAddress.ts';

const isIn = (address: string, range: string) => {
	const parsed = parseIpAddress(address);
	const parsedRange = parseIpRange(range);
	return parsed !== undefined && parsedRange !== undefined && isInRange(parsed, parsedRange);
};

describe('parseIpAddress', () => {
	it.each(['1.2.3.4', '0.0.0.0', '255.255.255.255', '::', '::1', '1::', '2001:db8::8a2e:370:7334'])(
		'parses %s',
		(text) => expect(parseIpAddress(text)).toBeDefined(),
	);

	it('parses an IPv4-mapped IPv6 address as IPv4', () => {
		expect(parseIpAddress('::ffff:52.52.52.52')).toEqual(parseIpAddress('52.52.52.52'));
		expect(parseIpAddress('::FFFF:3434:3434')).toEqual(parseIpAddress('52.52.52.52'));
		expect(parseIpAddress('::ffff:1.2.3.4')).toEqual(parseIpAddress('1.2.3.4'));
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
	])('rejects "%s"', (text) => expect(parseIpAddress(text)).toBeUndefined());

	it('expands ::', () => {
		const bytes = [0, 1, ...new Array<number>(12).fill(0), 0, 2];
		expect(parseIpAddress('1::2')).toEqual({ family: 6, bytes });
	});

	it('supports ranges of IPv4-mapped IPv6 addresses', () => {
		expect(isIn('10.1.2.3', '::ffff:10.0.0.0/104')).toBe(true);
		expect(isIn('11.1.2.3', '::ffff:10.0.0.0/104')).toBe(false);
	});

	it('agrees with Node.js', () => {
		const text = fc.oneof(
			fc.ipV4(),
			fc.ipV6(),
			fc.string(),
			fc.stringMatching(/^[0-9a-f:.]{0,24}$/),
		);
		fc.assert(
			fc.property(text, (candidate) => {
				expect(parseIpAddress(candidate) !== undefined).toBe(isIP(candidate) !== 0);
			}),
			{ numRuns: 2_000 },
		);
	});
});

describe('parseForwardedAddress', () => {
	it('parses an IPv6 address of eight groups with a port', () => {
		const address = '2001:db8:0:0:0:0:0:8a2e';
		expect(parseForwardedAddress(`${address}:51008`)).toEqual(parseIpAddress(address));
	});

	it.each([
		'for=[2001:db8::1]',
		'[2001:db8::1]:https',
		'0:2001:db8:0:0:0:0:0:1:51008',
		'2001:db8:0:0:0:0:0:1:123456',
		'fe80:%eth0:1',
		'"52.52".52.52',
		'52.52."52.52"',
	])('rejects %s', (text) => expect(parseForwardedAddress(text)).toBeUndefined());
});

describe('isInRange', () => {
	it('compares the prefix', () => {
		expect(isIn('10.1.255.255', '10.0.0.0/15')).toBe(true);
		expect(isIn('10.2.0.0', '10.0.0.0/15')).toBe(false);
		expect(isIn('2001:db8:ffff::1', '2001:db8::/32')).toBe(true);
		expect(isIn('2001:db9::1', '2001:db8::/32')).toBe(false);
	});

	it('treats a range without a length as one address', () => {
		expect(isIn('52.52.52.52', '52.52.52.52')).toBe(true);
		expect(isIn('52.52.52.53', '52.52.52.52')).toBe(false);
	});

	it('never matches another address family', () => {
		expect(isIn('1.2.3.4', '::/0')).toBe(false);
		expect(isIn('::1', '0.0.0.0/0')).toBe(false);
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
	])('rejects "%s"', (text) => expect(parseIpRange(text)).toBeUndefined());

	it('agrees with the BlockList of Node.js', () => {
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
				fc.pre(parseIpAddress(a)?.family === parseIpAddress(b)?.family);
				fc.pre(!(family === 'ipv6' && parseIpAddress(a)?.family === 4));
				const list = new BlockList();
				list.addSubnet(a, bits, family);
				expect(isIn(b, `${a}/${bits}`)).toBe(list.check(b, family));
				expect(isIn(a, `${a}/${bits}`)).toBe(true);
			}),
			{ numRuns: 2_000 },
		);
	});
});
