/** An IP address. An IPv4-mapped IPv6 address (`::ffff:a.b.c.d`) is converted to IPv4. */
export interface IpAddress {
	readonly family: 4 | 6;
	readonly bytes: readonly number[];
}

/** All addresses that share the first `prefix` bits of `address`. */
export interface IpRange {
	readonly address: IpAddress;
	readonly prefix: number;
}

const MAPPED_IPV4 = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
const MAPPED_IPV4_BITS = MAPPED_IPV4.length * 8;

/** Parses an IPv4 or IPv6 address. Returns undefined if the text is not one. */
export function parseIpAddress(text: string): IpAddress | undefined {
	const ipv4 = parseIpv4(text);
	if (ipv4) return { family: 4, bytes: ipv4 };
	const ipv6 = parseIpv6(text);
	if (!ipv6) return undefined;
	const isMapped = MAPPED_IPV4.every((byte, index) => ipv6[index] === byte);
	return isMapped
		? { family: 4, bytes: ipv6.slice(MAPPED_IPV4.length) }
		: { family: 6, bytes: ipv6 };
}

// `[2001:db8::1]:443`, `192.0.2.1:443`, and eight groups of IPv6 followed by a port.
const WITH_PORT = [
	/^\[([^\]]+)\](?::\d{1,5})?$/,
	/^(.*\.\d+):\d{1,5}$/,
	/^((?:\w+:){7}\w+):\d{1,5}$/,
];

/**
 * Parses an address from `X-Forwarded-For`. Proxies add a port (Azure and others), brackets, quotes, or the zone of a
 * link-local address.
 */
export function parseForwardedAddress(text: string): IpAddress | undefined {
	const bare = text.trim().replace(/^"(.*)"$/, '$1');
	const [host = bare] = WITH_PORT.flatMap((pattern) => pattern.exec(bare)?.[1] ?? []);
	return parseIpAddress(host.replace(/%[\w.~-]+$/, ''));
}

/** Parses a single address or a CIDR range. Returns undefined if the text is neither. */
export function parseIpRange(text: string): IpRange | undefined {
	const [base, length, ...rest] = text.split('/') as [string, ...string[]];
	const address = parseIpAddress(base);
	if (!address || rest.length > 0) return undefined;
	const bits = address.bytes.length * 8;
	if (length === undefined) return { address, prefix: bits };
	if (!/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
	const isMapped = address.family === 4 && base.includes(':');
	const prefix = Number(length) - (isMapped ? MAPPED_IPV4_BITS : 0);
	return prefix >= 0 && prefix <= bits ? { address, prefix } : undefined;
}

/** Whether the range contains the address. IPv4 and IPv6 never match. */
export function isInRange(address: IpAddress, range: IpRange): boolean {
	if (address.family !== range.address.family) return false;
	return address.bytes.every((byte, index) => {
		const bits = Math.min(8, Math.max(0, range.prefix - index * 8));
		const mask = (0xff << (8 - bits)) & 0xff;
		return (byte & mask) === ((range.address.bytes[index] as number) & mask);
	});
}

function parseIpv4(text: string): number[] | undefined {
	const parts = text.split('.');
	const isDotted = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part));
	const bytes = parts.map(Number);
	return isDotted && bytes.every((byte) => byte <= 0xff) ? bytes : undefined;
}

function parseIpv6(text: string): number[] | undefined {
	const halves = convertIpv4Suffix(text).split('::');
	const [head, tail] = halves.map((half) => (half === '' ? [] : parseGroups(half)));
	if (!head || halves.length > 2) return undefined;
	if (halves.length === 1) return head.length === 16 ? head : undefined;
	if (!tail || head.length + tail.length > 14) return undefined;
	return [...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail];
}

function parseGroups(text: string): number[] | undefined {
	const groups = text.split(':');
	if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
	return groups.map((group) => parseInt(group, 16)).flatMap((word) => [word >> 8, word & 0xff]);
}

/** Converts an IPv4 suffix of an IPv6 address into two groups. */
function convertIpv4Suffix(text: string): string {
	const start = text.lastIndexOf(':') + 1;
	const bytes = parseIpv4(text.slice(start));
	if (!bytes) return text;
	const digits = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
	return `${text.slice(0, start)}${digits.slice(0, 4)}:${digits.slice(4)}`;
}
