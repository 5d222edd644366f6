import { CHECK_URL, formatHost, type FaultText } from './faultText';
import { CHECK_URL_AND_FIREWALL } from './intermediary';
import { describeUnreachable, isUnsent } from './networkFault';
import { describeRefusal } from './refusalText';
import type { WebPage } from './webPage';

export { CHECK_ID } from './refusalText';
export type { FaultText };

/** What went wrong with a call of MindPeeker's API. */
export type ApiFault =
	/** Nothing was called: the credential says no usable base url. */
	| { kind: 'no-base-url' }
	| Unreachable
	| Refusal
	/** A response came that makes no sense. */
	| {
			kind: 'unintelligible';
			detail: string;
			adviceIfDone?: string;
			/** What answered in place of the API, as far as it is known. */
			intermediary?: Intermediary;
	  };

/** No response came. */
export interface Unreachable {
	kind: 'unreachable';
	/** The error's codes, such as `ECONNREFUSED`, and its messages. */
	cause: string;
	adviceIfDone?: string;
}

/** A response came that says no. */
export interface Refusal {
	kind: 'refused';
	status: number;
	/** What the call was about, such as `webhook wh_1`. */
	subject?: string;
	/** What the user is told at a status of this call instead of what it means in general. */
	texts?: Readonly<Record<number, FaultText>>;
	/** What to do where the call may have had its effect all the same. */
	adviceIfDone?: string;
	serviceText?: string;
	/** What the API calls the error, such as `invalid_request`. */
	code?: string;
	/** Which part of the request the API objects to, such as `events[0]`. */
	param?: string;
	/** Whether it may have come from something else than the API: it is not in the form of the API's errors. */
	isUnclear?: boolean;
	/** What answered in place of the API. */
	intermediary?: Intermediary;
	/** Where a redirect leads. */
	redirect?: Redirect;
	retryAfter?: string;
}

/** Something between n8n and MindPeeker that answers by itself: a firewall, a proxy, a gateway, another web server. */
export interface Intermediary extends Partial<WebPage> {
	/** The scheme of the login that it asks for, such as `Basic`. */
	readonly login?: string;
	/** What it calls itself. */
	readonly server?: string;
}

export interface Redirect {
	readonly host: string;
	/** Whether it leads to HTTPS on the same host. */
	readonly isToHttps: boolean;
}

/**
 * The word that n8n looks for to give up at a start-up ("Authorization") is avoided.
 *
 * @param origin scheme and host of the base URL
 */
export function describeFault(fault: ApiFault, origin: string): FaultText {
	switch (fault.kind) {
		case 'no-base-url':
			return {
				message: 'The base URL in the MindPeeker credential is not an http or https URL.',
				advice: 'Enter one, such as http://127.0.0.1:4010/v1.',
			};
		case 'unreachable':
			return describeUnreachable(fault, origin);
		case 'unintelligible':
			return {
				message: `What answered at ${formatHost(origin)} is not MindPeeker's API (${fault.detail}).`,
				advice: fault.adviceIfDone ?? (fault.intermediary ? CHECK_URL_AND_FIREWALL : CHECK_URL),
			};
		case 'refused':
			return describeRefusal(fault, origin);
	}
}

/** Whether the call may have had its effect although it failed. */
export function isOutcomeUnknown(fault: ApiFault): boolean {
	if (fault.kind === 'refused') return fault.status >= 500;
	return (
		fault.kind === 'unintelligible' || (fault.kind === 'unreachable' && !isUnsent(fault.cause))
	);
}
