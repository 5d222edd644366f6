import type { Refusal } from './apiFault';
import {
	BEGIN_WITH_HTTPS,
	CHECK_URL_AND_VERSION,
	adviseToWait,
	formatHost,
	toExcerpt,
	type FaultText,
} from './faultText';
import {
	CHECK_URL_AND_FIREWALL,
	describeIntermediary,
	isFromIntermediary,
	isRedirect,
} from './intermediary';
import { presentable, withId } from './serviceText';

/** What to do where there is nothing of an id. */
export const CHECK_ID =
	'Check the ID, and that it belongs to the account and environment of the MindPeeker credential.';

/** Says who refused a request, and why. */
export function describeRefusal(refusal: Refusal, origin: string): FaultText {
	const { status, texts, adviceIfDone, serviceText } = refusal;
	if (isRedirect(status)) return describeRedirect(refusal, origin);
	if (isFromIntermediary(refusal)) return describeIntermediary(refusal, origin);
	const reason = `(${status}${quote(serviceText)})`;
	const own = texts?.[status];
	if (own) return { ...own, message: `${own.message} ${reason}.` };
	if (status >= 500) {
		return {
			message: `MindPeeker failed to process the request ${reason}.`,
			advice: adviceIfDone ?? 'Try again in a few minutes.',
		};
	}
	return describeKeyRefusal(refusal, reason) ?? describeRejection(refusal, reason);
}

function describeRedirect({ status, redirect }: Refusal, origin: string): FaultText {
	const destination = redirect ? ` It leads to ${toExcerpt(redirect.host)}.` : '';
	return {
		message: `What answered at ${formatHost(origin)} sent a redirect (${status}), which is not followed with an API key.${destination}`,
		advice: redirect?.isToHttps ? BEGIN_WITH_HTTPS : CHECK_URL_AND_FIREWALL,
	};
}

function describeKeyRefusal({ status, isUnclear }: Refusal, reason: string): FaultText | undefined {
	// The form of the API's errors is not documented, so that another one may be the API's too.
	const doubt = isUnclear
		? ' If the key is right, a firewall or proxy may have answered: ask its administrator.'
		: '';
	switch (status) {
		case 401:
			return {
				message: `MindPeeker does not accept the API key ${reason}.`,
				advice: `Enter a valid key in the MindPeeker credential, then try again.${doubt}`,
			};
		case 403:
			return {
				message: `MindPeeker does not allow this with the API key in use ${reason}.`,
				advice: `Use a key that has the rights for it.${doubt}`,
			};
		default:
			return undefined;
	}
}

function describeRejection({ status, subject, retryAfter }: Refusal, reason: string): FaultText {
	switch (status) {
		case 404:
			return subject === undefined
				? {
						message: `MindPeeker does not know this URL ${reason}.`,
						advice: CHECK_URL_AND_VERSION,
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
				advice: adviseToWait(retryAfter),
			};
		default:
			return {
				message: `MindPeeker rejected the request ${reason}.`,
				advice: 'Check what was entered in the node.',
			};
	}
}

function quote(serviceText = ''): string {
	const text = presentable(serviceText);
	return text && `: ${text.replace(/\.$/, '')}`;
}
