import { CUSTOM_ENVIRONMENT } from './api/connection';
import { isInRange, parseIpAddress, parseIpRange, type IpRange } from './ipAddress';

const UNREACHABLE_RANGES: IpRange[] = [
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
].map((range) => parseIpRange(range) as IpRange);

const UNREACHABLE_HOST = /(^|\.)(localhost|local|internal|lan|home\.arpa)$/;

/**
 * Returns why MindPeeker cannot deliver to a URL, as a sentence without its period. The server of a custom environment
 * may be in the same network, so it may reach every URL.
 */
export function findDeliveryProblem(
	url: string,
	{ environment }: { readonly environment?: unknown },
): string | undefined {
	const problem = environment === CUSTOM_ENVIRONMENT ? undefined : findUrlProblem(url);
	return problem && `MindPeeker cannot deliver to ${url}: ${problem}`;
}

/** Returns why a URL is not reachable from the internet, or undefined if it is. */
function findUrlProblem(url: string): string | undefined {
	if (!URL.canParse(url)) return 'it is not a valid URL';
	const { protocol, hostname } = new URL(url);
	if (protocol !== 'https:') return 'it does not start with https://';
	const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
	const address = parseIpAddress(host);
	if (address) {
		const isPrivate = UNREACHABLE_RANGES.some((range) => isInRange(address, range));
		return isPrivate ? `${host} is an address inside a private network` : undefined;
	}
	const isLocalName = !host.includes('.') || UNREACHABLE_HOST.test(host);
	return isLocalName ? `${host} is a name inside a private network` : undefined;
}

/** Whether two URLs are equal after normalization. */
export function isSameUrl(a: string, b: string): boolean {
	return a === b || (URL.canParse(a) && URL.canParse(b) && normalize(a) === normalize(b));
}

function normalize(url: string): string {
	return new URL(url).href;
}
