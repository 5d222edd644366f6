/** What went wrong with a call of MindPeeker's API. */
export type ApiFault =
	/** Nothing was called: the credential says no usable base url. */
	| { kind: 'no-base-url' }
	/** No answer came. `cause` is an error code such as `ECONNREFUSED`, or whatever else is known. */
	| { kind: 'unreachable'; cause: string }
	/** An answer came that says no. */
	| { kind: 'refused'; status: number; serviceText?: string; retryAfter?: string }
	/** An answer came that makes no sense. */
	| { kind: 'unintelligible'; detail: string };

const MAX_SERVICE_TEXT_LENGTH = 300;

// n8n replaces the whole message by a text of its own where it contains one of these codes.
const NETWORK_CAUSES: Record<string, string> = {
	ECONNREFUSED: 'the connection was refused',
	ECONNRESET: 'the connection was cut',
	ECONNABORTED: 'no answer came in time',
	ETIMEDOUT: 'no answer came in time',
	ENOTFOUND: 'its name could not be resolved',
	EAI_AGAIN: 'its name could not be resolved',
	EHOSTUNREACH: 'its host is unreachable',
	ENETUNREACH: 'its network is unreachable',
	CERT_HAS_EXPIRED: 'its certificate has expired',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted here',
	SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted here',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted here',
};

// Those codes again, in the service's text, and the word by which n8n gives up at a start-up.
const TELLING_WORDS =
	/ECONN\w*|ENOTFOUND|ETIMEDOUT|ERRADDR\w*|EADDR\w*|EHOST\w*|EAI_AGAIN|ENOENT|EISDIR|ENOTDIR|EACCES|EEXIST|EPERM|getaddrinfo|authorization/gi;

/**
 * Says what happened and what to do, in one text: where a publication fails, n8n shows the message and
 * nothing else. The word that n8n looks for to give up at a start-up ("Authorization") is avoided.
 */
export function describeFault(fault: ApiFault, host: string): string {
	switch (fault.kind) {
		case 'no-base-url':
			return 'The base URL in the MindPeeker credential is not an http or https URL. Enter one, such as http://127.0.0.1:4010/v1.';
		case 'unreachable':
			return `MindPeeker could not be reached at ${host}: ${networkCause(fault.cause)}. Check the environment in the MindPeeker credential and the network of this n8n, then try again.`;
		case 'unintelligible':
			return `What answered at ${host} is not MindPeeker's API (${fault.detail}). Check the environment and the base URL in the MindPeeker credential.`;
		case 'refused':
			return describeRefusal(fault.status, quote(fault.serviceText), fault.retryAfter);
	}
}

/** Whether the call may have had its effect although it failed. */
export function isOutcomeUnknown(fault: ApiFault): boolean {
	if (fault.kind === 'refused') return fault.status >= 500;
	return fault.kind !== 'no-base-url';
}

function describeRefusal(status: number, reason: string, retryAfter?: string): string {
	if (status === 401) {
		return `MindPeeker does not accept the API key (401${reason}). Enter a valid key in the MindPeeker credential, then try again.`;
	}
	if (status === 403) {
		return `MindPeeker does not allow this with the API key in use (403${reason}). Use a key that may manage webhooks.`;
	}
	if (status === 429) {
		const wait = /^\d+$/.test(retryAfter ?? '') ? `${retryAfter} seconds` : 'a minute';
		return `MindPeeker's rate limit is used up (429${reason}). Wait ${wait}, then try again.`;
	}
	if (status >= 500) {
		return `MindPeeker failed to process the request (${status}${reason}). Try again in a few minutes.`;
	}
	if (status >= 300 && status < 400) {
		return `MindPeeker answered with a redirect (${status}), which is not followed with an API key. Check the base URL in the MindPeeker credential.`;
	}
	if (status === 404) {
		return `MindPeeker does not know what was asked for (404${reason}). Check the base URL in the MindPeeker credential, including its version.`;
	}
	if (status === 409) {
		return `MindPeeker has this already (409${reason}). It may belong to another API key: remove it in MindPeeker, or use that key.`;
	}
	return `MindPeeker rejected the request (${status}${reason}). Check what was entered in the node.`;
}

function networkCause(cause: string): string {
	const code = Object.keys(NETWORK_CAUSES).find((known) => cause.includes(known));
	return (code && NETWORK_CAUSES[code]) ?? 'the connection failed';
}

/** The service's own words, where n8n finds none of those by which it would act or put in other texts. */
function quote(serviceText?: string): string {
	const text = serviceText
		?.replace(TELLING_WORDS, '…')
		.replace(/\s+/g, ' ')
		.trim()
		.slice(0, MAX_SERVICE_TEXT_LENGTH);
	return text ? `: ${text.replace(/\.$/, '')}` : '';
}
