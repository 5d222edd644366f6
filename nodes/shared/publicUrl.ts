import { isWithin, parseAddress, parseRange, type AddressRange } from './address';

const UNREACHABLE_RANGES: AddressRange[] = [
	'0.0.0.0/8',
	'10.0.0.0/8',
	'100.64.0.0/10',
	'127.0.0.0/8',
	'169.254.0.0/16',
	'172.16.0.0/12',
	'192.168.0.0/16',
	'224.0.0.0/3',
	'::/127',
	'fc00::/7',
	'fe80::/10',
	'ff00::/8',
].map((range) => parseRange(range) as AddressRange);

const UNREACHABLE_HOST = /(^|\.)(localhost|local|internal|lan|home\.arpa)$/;

export function isHttpUrl(url: string): boolean {
	return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** Why MindPeeker, somewhere in the internet, cannot deliver to this url; undefined where it can. */
export function findUrlFault(url: string): string | undefined {
	if (!URL.canParse(url)) return 'it is not a valid URL';
	const { protocol, hostname } = new URL(url);
	if (protocol !== 'https:') return 'it does not start with https://';
	const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
	const address = parseAddress(host);
	if (address) {
		const isPrivate = UNREACHABLE_RANGES.some((range) => isWithin(address, range));
		return isPrivate ? `${host} is an address inside a private network` : undefined;
	}
	const isLocalName = !host.includes('.') || UNREACHABLE_HOST.test(host);
	return isLocalName ? `${host} is a name inside a private network` : undefined;
}

/** Whether two urls are the same place, however they are written. */
export function isSameUrl(one: string, other: string): boolean {
	return one === other || (URL.canParse(one) && URL.canParse(other) && href(one) === href(other));
}

function href(url: string): string {
	return new URL(url).href;
}
