import type { IDataObject } from 'n8n-workflow';

import type { ApiConnection, Call } from '../../shared/api';
import { isObject } from '../../shared/isObject';

/**
 * Makes a call whose answer has to be an object.
 *
 * @throws {MindPeekerError} where it is none, or none comes
 */
export async function callForObject(api: ApiConnection, call: Call): Promise<IDataObject> {
	return objectOf(await api.call(call), api, call.adviceIfDone);
}

/**
 * An answer of the API that has to be an object.
 *
 * @throws {MindPeekerError} where it is none
 */
export function objectOf(answer: unknown, api: ApiConnection, adviceIfDone?: string): IDataObject {
	if (isObject(answer)) return answer;
	throw api.unintelligible('its answer is not an object', adviceIfDone);
}
