import {
	CHECK_URL,
	CHECK_URL_AND_VERSION,
	USE_HTTPS,
	formatHost,
	formatWaitHint,
	isPlainHttp,
	toExcerpt,
	type ErrorText,
	type HttpFailure,
	type WebPage,
} from './failure';

const PROXY_AUTHENTICATION_REQUIRED = 407;
const NETWORK_AUTHENTICATION_REQUIRED = 511;

const ALLOW_N8N =
	'Ask MindPeeker, or the administrator of your firewall or proxy, to allow the requests of this n8n instance. Also check the base URL in the MindPeeker credential.';

const ALLOW_N8N_IF_CORRECT =
	'If they are correct, ask the administrator of your firewall or proxy to allow the requests of this n8n instance.';

export const CHECK_URL_AND_FIREWALL = `${CHECK_URL} ${ALLOW_N8N_IF_CORRECT}`;

/** The title is near the start of a page, which may have several MiB. */
const MAX_SEARCH_LENGTH = 64 * 1024;

// Each pattern stops at the next tag, to keep the search linear.
const TITLES = [
	/<title\b[^<>]*>([^<]*)/i,
	/<h1\b[^<>]*>([^<]*)/i,
	/<message>([^<]*)/i,
	/<code>([^<]*)/i,
];

/** The messages of nginx, Apache, Go (Caddy and Traefik) and Tomcat. */
const EXPECTS_HTTPS =
	/plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled|HTTP request to an HTTPS server|host and port requires TLS/i;

const ENTITIES: Readonly<Record<string, string>> = {
	amp: '&',
	apos: "'",
	gt: '>',
	hellip: '…',
	lt: '<',
	mdash: '—',
	nbsp: ' ',
	ndash: '–',
	quot: '"',
};

export function isRedirect(status: number): boolean {
	return status >= 300 && status < 400;
}

/** Whether the response comes from a server between n8n and MindPeeker. */
export function isFromIntermediary({ status, intermediary }: HttpFailure): boolean {
	return (
		intermediary !== undefined ||
		status === PROXY_AUTHENTICATION_REQUIRED ||
		status === NETWORK_AUTHENTICATION_REQUIRED
	);
}

/** Describes which server responded instead of MindPeeker. */
export function describeIntermediary(failure: HttpFailure, origin: string): ErrorText {
	const { message, hint } = describeBlocked(failure, origin) ?? describeSender(failure, origin);
	return { message: `MindPeeker ${message} (${formatDetails(failure)}).`, hint };
}

/** Describes what blocks every request until the user changes a setting. */
function describeBlocked(
	{ status, intermediary }: HttpFailure,
	origin: string,
): ErrorText | undefined {
	const prefix = `could not be reached at ${formatHost(origin)}:`;
	if (intermediary?.expectsHttps && isPlainHttp(origin)) {
		return {
			message: `${prefix} the server expects HTTPS, but the base URL starts with http://`,
			hint: USE_HTTPS,
		};
	}
	if (status === PROXY_AUTHENTICATION_REQUIRED) {
		return {
			message: `${prefix} the proxy of this n8n instance requires a login`,
			hint: 'Add a user name and password to HTTP_PROXY and HTTPS_PROXY, such as http://user:password@proxy.example.com:3128, then restart n8n.',
		};
	}
	if (status === NETWORK_AUTHENTICATION_REQUIRED) {
		return {
			message: `${prefix} the network of this n8n instance requires a login`,
			hint: 'Log in to this network, or ask its administrator to allow n8n without a login.',
		};
	}
	return undefined;
}

function describeSender(
	{ status, hintIfUncertain, retryAfter }: HttpFailure,
	origin: string,
): ErrorText {
	const prefix = `did not respond at ${formatHost(origin)}:`;
	if (status >= 500) {
		return {
			message: `${prefix} a gateway or proxy responded instead`,
			hint:
				hintIfUncertain ??
				'Try again in a few minutes. If the error persists, ask MindPeeker, or the administrator of your proxy.',
		};
	}
	switch (status) {
		case 401:
			return {
				message: `${prefix} a proxy or another web server that requires a login responded instead`,
				hint: ALLOW_N8N,
			};
		case 404:
			return {
				message: `${prefix} a proxy or another web server responded instead`,
				hint: `${CHECK_URL_AND_VERSION} ${ALLOW_N8N_IF_CORRECT}`,
			};
		case 429:
			return {
				message: `${prefix} the rate limit of a gateway in front of it was exceeded`,
				hint: formatWaitHint(retryAfter),
			};
		default:
			return {
				message: `${prefix} a firewall, a proxy or another web server responded instead`,
				hint: ALLOW_N8N,
			};
	}
}

/** Returns for example `403, page "Just a moment...", server "cloudflare"`. */
export function formatDetails({
	status,
	intermediary = {},
}: Pick<HttpFailure, 'status' | 'intermediary'>): string {
	const { isMarkup: isPage, title, login, server } = intermediary;
	const details = [
		title && `${isPage ? 'page' : 'text'} "${toExcerpt(title)}"`,
		isPage && !title && 'page without a title',
		login && `${toExcerpt(login)} login`,
		server && `server "${toExcerpt(server)}"`,
	];
	return [status, ...details.filter(Boolean)].join(', ');
}

export function isMarkup(text: string): boolean {
	return /^\s*</.test(text);
}

/** Reads a page, or any other text that is not JSON. */
export function readWebPage(text: string): WebPage {
	const start = text.slice(0, MAX_SEARCH_LENGTH);
	const isPage = isMarkup(start);
	return {
		isMarkup: isPage,
		title: isPage ? findTitle(start) : start.trim().replace(/[\r\n].*/s, ''),
		expectsHttps: EXPECTS_HTTPS.test(start),
	};
}

function findTitle(page: string): string {
	const titles = TITLES.map((pattern) => pattern.exec(page)?.[1] ?? '');
	return titles.map((title) => decodeEntities(title).trim()).find(Boolean) ?? '';
}

function decodeEntities(text: string): string {
	return text.replace(/&(#\d{1,6}|#x[\da-f]{1,5}|[a-z]{2,6});/gi, (entity, found: string) => {
		const [, hexadecimal, decimal] = /#(?:x(.+)|(.+))/i.exec(found) ?? [];
		if (hexadecimal) return String.fromCodePoint(parseInt(hexadecimal, 16));
		return decimal ? String.fromCodePoint(Number(decimal)) : (ENTITIES[found] ?? entity);
	});
}
