import { toDisplayName, toDisplayText } from '../displayText';
import {
	CHECK_URL_AND_VERSION,
	USE_HTTPS,
	formatHost,
	formatWaitHint,
	toExcerpt,
	type ErrorText,
	type HttpFailure,
} from './failure';
import {
	CHECK_URL_AND_FIREWALL,
	describeIntermediary,
	isFromIntermediary,
	isRedirect,
} from './intermediary';

export const CHECK_ID =
	'Check the ID, and that it belongs to the account and environment of the MindPeeker credential.';

/** Describes who rejected a request, and why. */
export function describeHttpFailure(failure: HttpFailure, origin: string): ErrorText {
	const { status, errorTexts, hintIfUncertain, serviceText } = failure;
	if (isRedirect(status)) return describeRedirect(failure, origin);
	if (isFromIntermediary(failure)) return describeIntermediary(failure, origin);
	const reason = `(${status}${quote(serviceText)})`;
	const custom = errorTexts?.[status];
	if (custom) return { ...custom, message: `${custom.message} ${reason}.` };
	if (status >= 500) {
		return {
			message: `MindPeeker failed to process the request ${reason}.`,
			hint: hintIfUncertain ?? 'Try again in a few minutes.',
		};
	}
	return describeAuthError(failure, reason) ?? describeClientError(failure, reason);
}

function describeRedirect({ status, redirect }: HttpFailure, origin: string): ErrorText {
	const destination = redirect ? ` to ${toExcerpt(redirect.host)}` : '';
	return {
		message: `The server at ${formatHost(origin)} sent a redirect${destination} (${status}). Redirects are not followed, to protect the API key.`,
		hint: redirect?.isToHttps ? USE_HTTPS : CHECK_URL_AND_FIREWALL,
	};
}

function describeAuthError(
	{ status, hasUnknownFormat }: HttpFailure,
	reason: string,
): ErrorText | undefined {
	// The API's error format is not documented, so it may be another server.
	const proxyHint = hasUnknownFormat
		? ' If the key is correct, a firewall or proxy may have responded: ask its administrator.'
		: '';
	switch (status) {
		case 401:
			return {
				message: `MindPeeker does not accept the API key ${reason}.`,
				hint: `Enter a valid key in the MindPeeker credential, then try again.${proxyHint}`,
			};
		case 403:
			return {
				message: `The API key does not have permission for this request ${reason}.`,
				hint: `Use an API key with the required permission.${proxyHint}`,
			};
		default:
			return undefined;
	}
}

function describeClientError(
	{ status, subject, retryAfter }: HttpFailure,
	reason: string,
): ErrorText {
	switch (status) {
		case 404:
			return subject === undefined
				? {
						message: `MindPeeker does not know this URL ${reason}.`,
						hint: CHECK_URL_AND_VERSION,
					}
				: { message: `MindPeeker has no ${toDisplayName(subject)} ${reason}.`, hint: CHECK_ID };
		case 409:
			return {
				message: `This already exists in MindPeeker ${reason}.`,
				hint: 'It may belong to another API key: delete it in MindPeeker, or use that key.',
			};
		case 429:
			return {
				message: `MindPeeker's rate limit was exceeded ${reason}.`,
				hint: formatWaitHint(retryAfter),
			};
		default:
			return {
				message: `MindPeeker rejected the request ${reason}.`,
				hint: 'Check the parameters of the node.',
			};
	}
}

function quote(serviceText = ''): string {
	const text = toDisplayText(serviceText);
	return text && `: ${text.replace(/\.$/, '')}`;
}
