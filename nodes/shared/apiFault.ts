import { presentable, withId } from './serviceText';

/** What went wrong with a call of MindPeeker's API. */
export type ApiFault =
	/** Nothing was called: the credential says no usable base url. */
	| { kind: 'no-base-url' }
	/** No answer came. `cause` is an error code such as `ECONNREFUSED`, or whatever else is known. */
	| { kind: 'unreachable'; cause: string; adviceIfDone?: string }
	/** An answer came that says no. */
	| {
			kind: 'refused';
			status: number;
			/** What the call was about, such as `webhook wh_1`. */
			subject?: string;
			/** What the user is told at a status of this call instead of what it means in general. */
			texts?: Readonly<Record<number, FaultText>>;
			/** What to do where the call may have had its effect all the same. */
			adviceIfDone?: string;
			serviceText?: string;
			retryAfter?: string;
	  }
	/** An answer came that makes no sense. */
	| { kind: 'unintelligible'; detail: string; adviceIfDone?: string };

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

/** What the user is told. */
export interface FaultText {
	/** What happened, in a sentence. */
	readonly message: string;
	/** What to do. */
	readonly advice: string;
}

/** What to do where there is nothing of an id. */
export const CHECK_ID =
	'Check the ID, and that it belongs to the account and environment of the MindPeeker credential.';

/** The word that n8n looks for to give up at a start-up ("Authorization") is avoided. */
export function describeFault(fault: ApiFault, host: string): FaultText {
	switch (fault.kind) {
		case 'no-base-url':
			return {
				message: 'The base URL in the MindPeeker credential is not an http or https URL.',
				advice: 'Enter one, such as http://127.0.0.1:4010/v1.',
			};
		case 'unreachable':
			return {
				message: `MindPeeker could not be reached at ${host}: ${networkCause(fault.cause)}.`,
				advice:
					fault.adviceIfDone ??
					'Check the environment in the MindPeeker credential and the network of this n8n, then try again.',
			};
		case 'unintelligible':
			return {
				message: `What answered at ${host} is not MindPeeker's API (${fault.detail}).`,
				advice:
					fault.adviceIfDone ??
					'Check the environment and the base URL in the MindPeeker credential.',
			};
		case 'refused':
			return describeRefusal(fault);
	}
}

/** Whether the call may have had its effect although it failed. */
export function isOutcomeUnknown(fault: ApiFault): boolean {
	if (fault.kind === 'refused') return fault.status >= 500;
	return fault.kind !== 'no-base-url';
}

type Refusal = Extract<ApiFault, { kind: 'refused' }>;

function describeRefusal(refusal: Refusal): FaultText {
	const { status, texts, adviceIfDone, serviceText } = refusal;
	const reason = `(${status}${quote(serviceText)})`;
	const own = texts?.[status];
	if (own) return { ...own, message: `${own.message} ${reason}.` };
	if (status >= 500) {
		return {
			message: `MindPeeker failed to process the request ${reason}.`,
			advice: adviceIfDone ?? 'Try again in a few minutes.',
		};
	}
	if (status >= 300 && status < 400) {
		return {
			message: `MindPeeker answered with a redirect (${status}), which is not followed with an API key.`,
			advice: 'Check the base URL in the MindPeeker credential.',
		};
	}
	return describeRejection(refusal, reason);
}

function describeRejection({ status, subject, retryAfter }: Refusal, reason: string): FaultText {
	switch (status) {
		case 401:
			return {
				message: `MindPeeker does not accept the API key ${reason}.`,
				advice: 'Enter a valid key in the MindPeeker credential, then try again.',
			};
		case 403:
			return {
				message: `MindPeeker does not allow this with the API key in use ${reason}.`,
				advice: 'Use a key that has the rights for it.',
			};
		case 404:
			return subject === undefined
				? {
						message: `MindPeeker does not know what was asked for ${reason}.`,
						advice: 'Check the base URL in the MindPeeker credential, including its version.',
					}
				: { message: `MindPeeker has no ${withId(subject)} ${reason}.`, advice: CHECK_ID };
		case 409:
			return {
				message: `MindPeeker has this already ${reason}.`,
				advice: 'It may belong to another API key: remove it in MindPeeker, or use that key.',
			};
		case 429:
			return {
				message: `MindPeeker's rate limit is used up ${reason}.`,
				advice: `Wait ${isSeconds(retryAfter) ? `${retryAfter} seconds` : 'a minute'}, then try again.`,
			};
		default:
			return {
				message: `MindPeeker rejected the request ${reason}.`,
				advice: 'Check what was entered in the node.',
			};
	}
}

function isSeconds(retryAfter = ''): boolean {
	return /^\d{1,6}$/.test(retryAfter);
}

function networkCause(cause: string): string {
	const code = Object.keys(NETWORK_CAUSES).find((known) => cause.includes(known));
	return (code && NETWORK_CAUSES[code]) ?? 'the connection failed';
}

function quote(serviceText = ''): string {
	const text = presentable(serviceText);
	return text && `: ${text.replace(/\.$/, '')}`;
}
