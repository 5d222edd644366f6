import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';

import { MINDPEEKER_IPS } from '../../../nodes/MindPeekerTrigger/settings.ts';
import {
	findInvalidEntry,
	isAllowed,
} from '../../../nodes/MindPeekerTrigger/webhook/ipAllowlist.ts';

describe('isAllowed', () => {
	it.each([
		['52.52.52.52', MINDPEEKER_IPS, true],
		['52.53.53.53', MINDPEEKER_IPS, true],
		['::ffff:52.52.52.52', MINDPEEKER_IPS, true],
		['52.52.52.5', MINDPEEKER_IPS, false],
		['152.52.52.52', MINDPEEKER_IPS, false],
		['10.1.2.3', '10.0.0.0/8', true],
		['11.1.2.3', '10.0.0.0/8', false],
		['2001:db8::1', '1.1.1.1 , 2001:db8::/32', true],
		['1.1.1.1', '', false],
		['1.1.1.1', ' ', false],
		['1.1.1.1', ',', false],
		['1.1.1.1', 'everybody', false],
		['1.1.1.1', '0.0.0.0/0', true],
		['not an address', '0.0.0.0/0', false],
		[undefined, '0.0.0.0/0', false],
	])('returns for %s and the list "%s": %s', (sender, list, expected) => {
		expect(isAllowed(sender, list)).toBe(expected);
	});
});

describe('the address of a sender behind a proxy', () => {
	const octet = fc.nat(255);
	const ipv4 = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'));
	const port = fc.integer({ min: 1, max: 65_535 });
	const formats: Array<(address: string, port: number) => string> = [
		(address) => address,
		(address) => ` ${address} `,
		(address) => `"${address}"`,
		(address, port) =>
			address.includes(':') && !address.includes('.')
				? `[${address}]:${port}`
				: `${address}:${port}`,
		(address) => `[${address}]`,
		(address, port) => `"[${address}]:${port}"`,
	];

	it('is recognized in every format, with and without a port', () => {
		const mapped = ipv4.map((address) => `::ffff:${address}`);
		const address = fc.oneof(ipv4, mapped, fc.ipV6());
		fc.assert(
			fc.property(address, port, fc.constantFrom(...formats), (address, port, format) => {
				expect(isAllowed(format(address, port), address)).toBe(true);
				expect(isAllowed(format(address, port), '192.0.2.1, 2001:db8::1')).toBe(
					isAllowed(address, '192.0.2.1, 2001:db8::1'),
				);
			}),
		);
	});

	it.each([
		['52.52.52.52:51008', '52.52.52.52', true],
		['52.52.52.52:51008', '52.52.52.53', false],
		['::ffff:52.52.52.52:51008', '52.52.52.52', true],
		['[2001:db8::1]:443', '2001:db8::1', true],
		['2001:DB8:0:0:0:0:0:1:51008', '2001:db8::1', true],
		// Without brackets, the last group is part of the address, not a port.
		['2001:db8::1:443', '2001:db8::1', false],
		['fe80::1%eth0', 'fe80::1', true],
		['52.52.52.52:', '52.52.52.52', false],
		['52.52.52.52:port', '52.52.52.52', false],
		['52.52.52.52:123456', '52.52.52.52', false],
		['1.2.3.4, 52.52.52.52', '52.52.52.52', false],
		['52.52.52.52.nip.io', '52.52.52.52', false],
		['[52.52.52.52', '52.52.52.52', false],
		['unknown', '0.0.0.0/0', false],
	])('%s is on the list "%s": %s', (sender, list, expected) => {
		expect(isAllowed(sender, list)).toBe(expected);
	});
});

describe('findInvalidEntry', () => {
	it.each([
		[MINDPEEKER_IPS, undefined],
		['10.0.0.0/8, ::1', undefined],
		['', ''],
		['1.1.1.1,', ''],
		['1.1.1.1, mindpeeker.com', 'mindpeeker.com'],
		['10.0.0.0/33', '10.0.0.0/33'],
		['52.52.52.52:443', '52.52.52.52:443'],
	])('returns for the list "%s": %j', (list, entry) => {
		expect(findInvalidEntry(list)).toBe(entry);
	});
});
