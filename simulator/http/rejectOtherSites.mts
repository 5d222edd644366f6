import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

import { ApiError } from './apiError.mts';

/** Names that a public website cannot have. */
const LOCAL_NAME = /^[^.]+$|\.(internal|localhost)$/;

/**
 * Rejects requests that a website sends from the user's browser. The control API has no key, so that a website could
 * use it: directly, or through a name of its own that resolves to this machine (DNS rebinding).
 *
 * @throws {ApiError} with status 403
 */
export function rejectOtherSites({ host, origin }: IncomingHttpHeaders, ownHost: string): void {
	if (host === undefined) return;
	const name = parseHostname(host);
	if (!isIP(name.replace(/^\[|\]$/g, '')) && !LOCAL_NAME.test(name) && name !== ownHost) {
		throw new ApiError(403, `The simulator does not respond to the host name ${name}`);
	}
	if (origin !== undefined && origin !== `http://${host}`) {
		throw new ApiError(403, 'The simulator does not respond to pages of other sites');
	}
}

function parseHostname(host: string): string {
	return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host;
}
