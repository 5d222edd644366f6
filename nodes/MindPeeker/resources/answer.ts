import type { IDataObject } from 'n8n-workflow';

import type { ApiConnection, Call } from '../../shared/api';
import { isObject } from '../../shared/isObject';

/**
 * Makes a call whose response must be an object.
 *
 * @throws {MindPeekerError} if it is something else, or the call fails
 */
export async function callForObject(api: ApiConnection, call: Call): Promise<IDataObject> {
	return objectOf(await api.call(call), api, call.adviceIfDone);
}

/**
 * A response of the API, which must be an object.
 *
 * @throws {MindPeekerError} if it is something else
 */
export function objectOf(answer: unknown, api: ApiConnection, adviceIfDone?: string): IDataObject {
	if (isObject(answer)) return answer;
	throw api.unintelligible('its answer is not an object', adviceIfDone);
}
