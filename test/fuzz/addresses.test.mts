import fc from 'fast-check';
import { BlockList, isIP } from 'node:net';
import { expect } from '@jest/globals';

import { isAllowed } from '../../nodes/MindPeekerTrigger/webhook/ipAllowlist.ts';
import { parseIpAddress } from '../../nodes/shared/ipAddress.ts';
import { mutate } from './harness/mutate.mts';
import { fuzz } from './harness/fuzz.mts';

const ipv4 = fc.oneof(fc.ipV4(), fc.constantFrom('10.0.0.1', '10.0.0.2', '192.168.1.255'));
const ipv6 = fc.oneof(fc.ipV6(), fc.constantFrom('::', '::1', '2001:db8::1', 'fe80::1'));
const mapped = ipv4.map((address) => `::ffff:${address}`);
const address = fc.oneof(ipv4, ipv6, mapped);

fuzz(
	'a text is an address if and only if Node.js accepts it',
	mutate(address).map((bytes) => bytes.toString('latin1')),
	(text) => {
		// Node.js accepts zones of link-local addresses, which remote addresses do not have.
		if (text.includes('%')) return;
		expect(parseIpAddress(text) !== undefined).toBe(isIP(text) !== 0);
	},
);

const range = fc.oneof(
	fc.tuple(ipv4, fc.nat(32)).map(([net, prefix]) => ({ net, prefix, family: 'ipv4' as const })),
	fc.tuple(ipv6, fc.nat(128)).map(([net, prefix]) => ({ net, prefix, family: 'ipv6' as const })),
);

fuzz(
	'an address is allowed if and only if one of the ranges contains it, according to Node.js',
	fc.record({
		remoteAddress: fc.oneof(address, fc.string()),
		ranges: fc.array(range, { maxLength: 3 }),
	}),
	({ remoteAddress, ranges }) => {
		const list = new BlockList();
		// Node.js treats an IPv4-mapped address as both IPv4 and IPv6. Here it is only IPv4.
		const unmap = (text: string) => /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text)?.[1] ?? text;
		const normalized = normalizeAddress(unmap(remoteAddress));
		const isIpv4 = isIP(normalized) === 4;
		for (const { net, prefix, family } of ranges) {
			if (isMapped(net)) return;
			if ((family === 'ipv4') === isIpv4) list.addSubnet(net, prefix, family);
		}
		const isExpected = isIP(normalized) !== 0 && list.check(normalized, isIpv4 ? 'ipv4' : 'ipv6');
		const text = ranges.map(({ net, prefix }) => `${net}/${prefix}`).join(', ');
		expect(isAllowed(remoteAddress, text)).toBe(isExpected);
	},
);

/** Converts an IPv4-mapped address of any notation to IPv4. */
function normalizeAddress(text: string): string {
	const parsed = parseIpAddress(text);
	return parsed?.family === 4 ? parsed.bytes.join('.') : text;
}

function isMapped(text: string): boolean {
	return text.includes(':') && parseIpAddress(text)?.family === 4;
}
