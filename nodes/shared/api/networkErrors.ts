import { isInRange, parseIpAddress, parseIpRange, type IpRange } from '../ipAddress';
import { isObject } from '../values';
import {
	CHECK_PROXY,
	CHECK_URL,
	formatHost,
	isPlainHttp,
	toExcerpt,
	type ErrorText,
	type NetworkCause,
	type NetworkFailure,
} from './failure';
import { NETWORK_CAUSES, PERMANENT_CAUSES, UNSENT_CAUSES } from './networkCauses';

const LOOPBACK = ['127.0.0.0/8', '0.0.0.0/32', '::/127'].map(
	(range) => parseIpRange(range) as IpRange,
);
/** The name of the host machine inside a container. */
const CONTAINER_HOST = 'host.docker.internal';

/** An error code, such as `EPROTO` or `ERR_SSL_BAD_RECORD`. */
const CODE = /\bE[A-Z]{3,}\b|\b[A-Z][A-Z\d]*(_[A-Z\d]+)+\b/;
const OPENSSL_REASON = /:SSL routines:[^:]*:([^:]+)/;
/** Node.js reports this if a connection fails before any byte was sent. */
const CONNECTING = /\bconnect E[A-Z]+\b/;

/** Whether the request was certainly not sent. */
export function isUnsent(cause: string): boolean {
	const known = findCause(cause);
	return CONNECTING.test(cause) || UNSENT_CAUSES.some((unsent) => unsent === known);
}

/** Whether a retry would fail for the same reason. */
export function isPermanent(cause: string): boolean {
	const known = findCause(cause);
	return PERMANENT_CAUSES.some((permanent) => permanent === known);
}

function findCause(cause: string): NetworkCause | undefined {
	return NETWORK_CAUSES.find(({ pattern }) => pattern.test(cause));
}

/** Describes why no response arrived. */
export function describeNetworkFailure(
	{ cause, hintIfUncertain }: NetworkFailure,
	origin: string,
): ErrorText {
	const known = findCause(cause);
	const { hostname, port } = parseOrigin(origin);
	const proxy = findProxy(cause, hostname, port);
	const through = proxy === undefined ? '' : ` through the proxy ${toExcerpt(proxy)}`;
	const hint = proxy === undefined ? chooseHint(known, hostname, isPlainHttp(origin)) : CHECK_PROXY;
	return {
		message: `MindPeeker could not be reached at ${formatHost(origin)}${through}: ${describeCause(cause, known)}.`,
		hint: isUnsent(cause) ? hint : (hintIfUncertain ?? hint),
	};
}

function parseOrigin(origin: string): { hostname: string; port: string } {
	const { protocol, hostname, port } = new URL(
		origin.includes('://') ? origin : `https://${origin}`,
	);
	return { hostname, port: port || (protocol === 'http:' ? '80' : '443') };
}

/**
 * A failed connection to another port or address than that of the base URL was a connection to n8n's proxy. The address
 * of a name is not known here.
 */
function findProxy(cause: string, hostname: string, port: string): string | undefined {
	const [, address, connectedPort] = /\bconnect E[A-Z]+ (\S+):(\d+)\b/.exec(cause) ?? [];
	if (address !== undefined && (connectedPort !== port || isOtherAddress(address, hostname))) {
		return `${address}:${connectedPort}`;
	}
	const [, name] = /\bgetaddrinfo \w+ (\S+)/.exec(cause) ?? [];
	return name === hostname ? undefined : name;
}

function isOtherAddress(text: string, hostname: string): boolean {
	const expected = parseIpRange(removeBrackets(hostname));
	const address = parseIpAddress(text);
	return expected !== undefined && address !== undefined && !isInRange(address, expected);
}

function describeCause(cause: string, known: NetworkCause | undefined): string {
	if (known && !known.showsCode) return known.message;
	const [, reason] = OPENSSL_REASON.exec(cause) ?? [];
	const detail = toExcerpt(reason ?? CODE.exec(cause)?.[0] ?? cause).replace(/[….]+$/, '');
	const message = known?.message ?? 'the connection failed';
	return detail ? `${message} (${detail})` : message;
}

function chooseHint(known: NetworkCause | undefined, hostname: string, isHttp: boolean): string {
	if (!known) return `${CHECK_URL} Also check the network of this n8n instance, then try again.`;
	if (isLoopback(hostname) && known.pattern.test('ECONNREFUSED')) {
		return `Check that the server is running. If n8n runs in a container, ${hostname} is the container itself: use ${CONTAINER_HOST} in the base URL.`;
	}
	if (hostname === CONTAINER_HOST && known.pattern.test('ECONNREFUSED')) {
		return 'Check that the server is running, and that it does not listen on 127.0.0.1 only. The simulator of this package has the option --host for this.';
	}
	if (hostname === CONTAINER_HOST && known.pattern.test('ENOTFOUND')) {
		return `With Docker on Linux, start the container with --add-host=${CONTAINER_HOST}:host-gateway.`;
	}
	const hintForHttp = isHttp ? known.hintForHttp : undefined;
	return hintForHttp === undefined ? known.hint : `${known.hint} ${hintForHttp}`;
}

function isLoopback(hostname: string): boolean {
	const address = parseIpAddress(removeBrackets(hostname));
	if (address) return LOOPBACK.some((range) => isInRange(address, range));
	return /(^|\.)localhost\.?$/.test(hostname);
}

function removeBrackets(hostname: string): string {
	return hostname.replace(/^\[|\]$/g, '');
}

interface ErrorLike {
	code?: unknown;
	/** n8n moves the code here. */
	httpCode?: unknown;
	message?: unknown;
	/** The original messages, if n8n replaced them. */
	messages?: unknown;
	cause?: unknown;
	/** One error for each address of a host. */
	errors?: unknown;
}

const MAX_CAUSES = 5;

/** Joins the codes and messages of an error and its causes. n8n's own message is used only if there is no cause. */
export function summarizeError(error: unknown): string {
	const [outer = {}, ...causes] = listCauses(error);
	const words = [
		outer.code,
		outer.httpCode,
		...causes.flatMap(({ code, message }) => [code, message]),
		...(causes.length > 0 ? [] : [outer.messages, outer.message].flat()),
	];
	const texts = words.filter((word) => typeof word === 'string' && word !== '');
	return [...new Set(texts)].join(' ');
}

function listCauses(error: unknown): ErrorLike[] {
	const chain: ErrorLike[] = [];
	let next = error;
	while (isObject<ErrorLike>(next) && chain.length < MAX_CAUSES) {
		chain.push(next);
		next = next.cause ?? [next.errors].flat()[0];
	}
	return chain;
}
