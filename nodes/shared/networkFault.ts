import { isWithin, parseAddress, parseRange, type AddressRange } from './address';
import type { Unreachable } from './apiFault';
import {
	CHECK_PROXY,
	CHECK_URL,
	formatHost,
	isPlainHttp,
	toExcerpt,
	type FaultText,
} from './faultText';
import { LASTING_CAUSES, NETWORK_CAUSES, UNSENT_CAUSES, type NetworkCause } from './networkCauses';

const LOOPBACK = ['127.0.0.0/8', '0.0.0.0/32', '::/127'].map(
	(range) => parseRange(range) as AddressRange,
);
/** What a container calls the machine that it runs on. */
const CONTAINER_HOST = 'host.docker.internal';

/** An error code, such as `EPROTO` or `ERR_SSL_BAD_RECORD`. */
const CODE = /\bE[A-Z]{3,}\b|\b[A-Z][A-Z\d]*(_[A-Z\d]+)+\b/;
const OPENSSL_REASON = /:SSL routines:[^:]*:([^:]+)/;
/** How Node.js says that a connection failed before anything was sent. */
const CONNECTING = /\bconnect E[A-Z]+\b/;

function findCause(cause: string): NetworkCause | undefined {
	return NETWORK_CAUSES.find(({ pattern }) => pattern.test(cause));
}

/** Whether the request was certainly not sent. */
export function isUnsent(cause: string): boolean {
	const known = findCause(cause);
	return CONNECTING.test(cause) || UNSENT_CAUSES.some((unsent) => unsent === known);
}

/** Whether another attempt fails for the same reason. */
export function isLasting(cause: string): boolean {
	const known = findCause(cause);
	return LASTING_CAUSES.some((lasting) => lasting === known);
}

/** Says why no response came, and what to do about that, unless the request may have been sent before. */
export function describeUnreachable(
	{ cause, adviceIfDone }: Unreachable,
	origin: string,
): FaultText {
	const known = findCause(cause);
	const { hostname, port } = parseOrigin(origin);
	const proxy = findProxy(cause, hostname, port);
	const through = proxy === undefined ? '' : ` through the proxy ${toExcerpt(proxy)}`;
	const advice =
		proxy === undefined ? chooseAdvice(known, hostname, isPlainHttp(origin)) : CHECK_PROXY;
	return {
		message: `MindPeeker could not be reached at ${formatHost(origin)}${through}: ${describeCause(cause, known)}.`,
		advice: isUnsent(cause) ? advice : (adviceIfDone ?? advice),
	};
}

function parseOrigin(origin: string): { hostname: string; port: string } {
	const { protocol, hostname, port } = new URL(
		origin.includes('://') ? origin : `https://${origin}`,
	);
	return { hostname, port: port || (protocol === 'http:' ? '80' : '443') };
}

/** A connection that failed to another place than that of the base URL was one to n8n's proxy. */
function findProxy(cause: string, hostname: string, port: string): string | undefined {
	const [, address, connectedPort] = /\bconnect E[A-Z]+ (\S+):(\d+)\b/.exec(cause) ?? [];
	if (address !== undefined && connectedPort !== port) return `${address}:${connectedPort}`;
	const [, name] = /\bgetaddrinfo \w+ (\S+)/.exec(cause) ?? [];
	return name === hostname ? undefined : name;
}

function describeCause(cause: string, known: NetworkCause | undefined): string {
	if (known && !known.isGeneral) return known.what;
	const [, reason] = OPENSSL_REASON.exec(cause) ?? [];
	const shown = toExcerpt(reason ?? CODE.exec(cause)?.[0] ?? cause).replace(/[….]+$/, '');
	const what = known?.what ?? 'the connection failed';
	return shown ? `${what} (${shown})` : what;
}

function chooseAdvice(known: NetworkCause | undefined, hostname: string, isHttp: boolean): string {
	if (!known) return `${CHECK_URL} Check the network of this n8n too, then try again.`;
	if (isLoopback(hostname) && known.pattern.test('ECONNREFUSED')) {
		return `Check that the server runs. If n8n runs in a container, ${hostname} is this container itself: use ${CONTAINER_HOST} in the base URL.`;
	}
	if (hostname === CONTAINER_HOST && known.pattern.test('ENOTFOUND')) {
		return `With Docker on Linux, start the container with --add-host=${CONTAINER_HOST}:host-gateway.`;
	}
	const more = isHttp ? known.adviceForHttp : undefined;
	return more === undefined ? known.advice : `${known.advice} ${more}`;
}

function isLoopback(hostname: string): boolean {
	const address = parseAddress(hostname.replace(/^\[|\]$/g, ''));
	if (address) return LOOPBACK.some((range) => isWithin(address, range));
	return /(^|\.)localhost\.?$/.test(hostname);
}
