import type { IDataObject } from 'n8n-workflow';

import type { ApiConnection } from '../../shared/api';
import { isObject } from '../../shared/isObject';

/**
 * An answer of the API that has to be an object.
 *
 * @throws {MindPeekerError} where it is none
 */
export function objectOf(answer: unknown, api: ApiConnection): IDataObject {
	if (isObject(answer)) return answer;
	throw api.unintelligible('its answer is not an object');
}
