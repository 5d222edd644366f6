import { describe, expect, it } from 'vitest';

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

describe('the invalid entry of a list', () => {
	it.each([
		[MINDPEEKER_ADDRESSES, undefined],
		['10.0.0.0/8, ::1', undefined],
		['', ''],
		['1.1.1.1,', ''],
		['1.1.1.1, mindpeeker.com', 'mindpeeker.com'],
		['10.0.0.0/33', '10.0.0.0/33'],
	])('"%s" is %j', (list, entry) => expect(findInvalidEntry(list)).toBe(entry));
});
