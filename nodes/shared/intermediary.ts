import type { Refusal } from './apiFault';
import {
	BEGIN_WITH_HTTPS,
	CHECK_URL,
	CHECK_URL_AND_VERSION,
	adviseToWait,
	formatHost,
	isPlainHttp,
	toExcerpt,
	type FaultText,
} from './faultText';

const PROXY_LOGIN = 407;
const NETWORK_LOGIN = 511;

const ALLOW_N8N =
	'Ask MindPeeker, or the administrator of your firewall or proxy, to allow the requests of this n8n. Check the base URL in the MindPeeker credential too.';

const ASK_FOR_PASSAGE =
	'If they are right, ask the administrator of your firewall or proxy to let n8n through.';

export const CHECK_URL_AND_FIREWALL = `${CHECK_URL} ${ASK_FOR_PASSAGE}`;

export function isRedirect(status: number): boolean {
	return status >= 300 && status < 400;
}

/** Whether a refusal comes from something between n8n and MindPeeker. */
export function isFromIntermediary({ status, intermediary }: Refusal): boolean {
	return intermediary !== undefined || status === PROXY_LOGIN || status === NETWORK_LOGIN;
}

/** Says what answered in place of MindPeeker. */
export function describeIntermediary(refusal: Refusal, origin: string): FaultText {
	const { what, advice } = findBarrier(refusal, origin) ?? describeAnswer(refusal, origin);
	return { message: `MindPeeker ${what} (${formatDetails(refusal)}).`, advice };
}

type Sender = Pick<Refusal, 'status' | 'intermediary'>;

interface Part {
	/** What follows after "MindPeeker". */
	readonly what: string;
	readonly advice: string;
}

/** What lets nothing through before the user has changed something. */
function findBarrier({ status, intermediary }: Refusal, origin: string): Part | undefined {
	const unreached = `could not be reached at ${formatHost(origin)}:`;
	if (intermediary?.wantsHttps && isPlainHttp(origin)) {
		return {
			what: `${unreached} the server expects HTTPS, and the base URL begins with http://`,
			advice: BEGIN_WITH_HTTPS,
		};
	}
	if (status === PROXY_LOGIN) {
		return {
			what: `${unreached} the proxy of this n8n asks for a login`,
			advice:
				'Add a user name and password to HTTP_PROXY and HTTPS_PROXY, such as http://user:password@proxy.example.com:3128, then restart n8n.',
		};
	}
	if (status === NETWORK_LOGIN) {
		return {
			what: `${unreached} the network of this n8n asks for a login`,
			advice: 'Log in to this network, or ask its administrator to let n8n through without.',
		};
	}
	return undefined;
}

function describeAnswer({ status, adviceIfDone, retryAfter }: Refusal, origin: string): Part {
	const silent = `did not answer at ${formatHost(origin)}:`;
	if (status >= 500) {
		return {
			what: `${silent} a gateway or proxy in front of it did`,
			advice:
				adviceIfDone ??
				'Try again in a few minutes. If it lasts, ask MindPeeker, or the administrator of your proxy.',
		};
	}
	switch (status) {
		case 401:
			return {
				what: `${silent} a proxy or another web server did, which asks for a login of its own`,
				advice: ALLOW_N8N,
			};
		case 404:
			return {
				what: `${silent} another web server or a proxy did`,
				advice: `${CHECK_URL_AND_VERSION} ${ASK_FOR_PASSAGE}`,
			};
		case 429:
			return {
				what: `${silent} the rate limit of a gateway in front of it is used up`,
				advice: adviseToWait(retryAfter),
			};
		default:
			return {
				what: `${silent} a firewall, a proxy or another web server did`,
				advice: ALLOW_N8N,
			};
	}
}

/** Such as `403, page "Just a moment...", server "cloudflare"`. */
export function formatDetails({ status, intermediary = {} }: Sender): string {
	const { isMarkup, title, login, server } = intermediary;
	const details = [
		title && `${isMarkup ? 'page' : 'text'} "${toExcerpt(title)}"`,
		isMarkup && !title && 'page without a title',
		login && `${toExcerpt(login)} login`,
		server && `server "${toExcerpt(server)}"`,
	];
	return [status, ...details.filter(Boolean)].join(', ');
}
