import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';

import {
	findInvalidEntry,
	isAllowed,
	MINDPEEKER_ADDRESSES,
} from '../../../nodes/MindPeekerTrigger/reception/allowedAddresses.ts';

describe('a list of addresses lets in', () => {
	it.each([
		['52.52.52.52', MINDPEEKER_ADDRESSES, true],
		['52.53.53.53', MINDPEEKER_ADDRESSES, true],
		['::ffff:52.52.52.52', MINDPEEKER_ADDRESSES, true],
		['52.52.52.5', MINDPEEKER_ADDRESSES, false],
		['152.52.52.52', MINDPEEKER_ADDRESSES, false],
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
	])('%s on "%s": %s', (peer, list, allowed) => expect(isAllowed(peer, list)).toBe(allowed));
});

describe("a sender's address as proxies write it", () => {
	const octet = fc.nat(255);
	const ipv4 = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'));
	const port = fc.integer({ min: 1, max: 65_535 });
	const forms: Array<(address: string, port: number) => string> = [
		(address) => address,
		(address) => ` ${address} `,
		(address) => `"${address}"`,
		(address, at) =>
			address.includes(':') && !address.includes('.') ? `[${address}]:${at}` : `${address}:${at}`,
		(address) => `[${address}]`,
		(address, at) => `"[${address}]:${at}"`,
	];

	it('is the same address in every form, with and without a port', () => {
		const mapped = ipv4.map((address) => `::ffff:${address}`);
		const address = fc.oneof(ipv4, mapped, fc.ipV6());
		fc.assert(
			fc.property(address, port, fc.constantFrom(...forms), (known, at, form) => {
				expect(isAllowed(form(known, at), known)).toBe(true);
				expect(isAllowed(form(known, at), '192.0.2.1, 2001:db8::1')).toBe(
					isAllowed(known, '192.0.2.1, 2001:db8::1'),
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
		// Without brackets this is an address of its own, not one with a port.
		['2001:db8::1:443', '2001:db8::1', false],
		['fe80::1%eth0', 'fe80::1', true],
		['52.52.52.52:', '52.52.52.52', false],
		['52.52.52.52:port', '52.52.52.52', false],
		['52.52.52.52:123456', '52.52.52.52', false],
		['1.2.3.4, 52.52.52.52', '52.52.52.52', false],
		['52.52.52.52.nip.io', '52.52.52.52', false],
		['[52.52.52.52', '52.52.52.52', false],
		['unknown', '0.0.0.0/0', false],
	])('%s on "%s": %s', (sender, list, allowed) => expect(isAllowed(sender, list)).toBe(allowed));
});

describe('the invalid entry of a list', () => {
	it.each([
		[MINDPEEKER_ADDRESSES, undefined],
		['10.0.0.0/8, ::1', undefined],
		['', ''],
		['1.1.1.1,', ''],
		['1.1.1.1, mindpeeker.com', 'mindpeeker.com'],
		['10.0.0.0/33', '10.0.0.0/33'],
		['52.52.52.52:443', '52.52.52.52:443'],
	])('"%s" is %j', (list, entry) => expect(findInvalidEntry(list)).toBe(entry));
});
