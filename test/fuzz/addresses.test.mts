import fc from 'fast-check';
import { BlockList, isIP } from 'node:net';
import { expect } from '@jest/globals';

import { isAllowed } from '../../nodes/MindPeekerTrigger/reception/allowedAddresses.ts';
import { parseAddress } from '../../nodes/shared/address.ts';
import { damaged } from './harness/damage.mts';
import { fuzz } from './harness/fuzz.mts';

const ipv4 = fc.oneof(fc.ipV4(), fc.constantFrom('10.0.0.1', '10.0.0.2', '192.168.1.255'));
const ipv6 = fc.oneof(fc.ipV6(), fc.constantFrom('::', '::1', '2001:db8::1', 'fe80::1'));
const mapped = ipv4.map((address) => `::ffff:${address}`);
const address = fc.oneof(ipv4, ipv6, mapped);

fuzz(
	'a text is an address if and only if Node takes it for one',
	damaged(address).map((bytes) => bytes.toString('latin1')),
	(text) => {
		// Node takes the zone of an address that is local to a link along; no peer's comes with one.
		if (text.includes('%')) return;
		expect(parseAddress(text) !== undefined).toBe(isIP(text) !== 0);
	},
);

const range = fc.oneof(
	fc.tuple(ipv4, fc.nat(32)).map(([net, prefix]) => ({ net, prefix, family: 'ipv4' as const })),
	fc.tuple(ipv6, fc.nat(128)).map(([net, prefix]) => ({ net, prefix, family: 'ipv6' as const })),
);

fuzz(
	'a peer is let in if and only if one of the ranges holds it, as Node has it',
	fc.record({ peer: fc.oneof(address, fc.string()), ranges: fc.array(range, { maxLength: 3 }) }),
	({ peer, ranges }) => {
		const list = new BlockList();
		// As IPv4 where it is one, and never as both.
		const ipv4Of = (text: string) => /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text)?.[1] ?? text;
		const plain = plainOf(ipv4Of(peer));
		const isPeer4 = isIP(plain) === 4;
		for (const { net, prefix, family } of ranges) {
			if (isMapped(net)) return;
			if ((family === 'ipv4') === isPeer4) list.addSubnet(net, prefix, family);
		}
		const isIn = isIP(plain) !== 0 && list.check(plain, isPeer4 ? 'ipv4' : 'ipv6');
		const text = ranges.map(({ net, prefix }) => `${net}/${prefix}`).join(', ');
		expect(isAllowed(peer, text)).toBe(isIn);
	},
);

/** IPv4 in whatever way it is written as IPv6. */
function plainOf(text: string): string {
	const parsed = parseAddress(text);
	return parsed?.family === 4 ? parsed.bytes.join('.') : text;
}

function isMapped(text: string): boolean {
	return text.includes(':') && parseAddress(text)?.family === 4;
}
