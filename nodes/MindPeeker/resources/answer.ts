import type { IDataObject } from 'n8n-workflow';

import type { ApiConnection } from '../../shared/api';

/**
 * An answer of the API that has to be an object.
 *
 * @throws {MindPeekerError} where it is none
 */
export function objectOf(answer: unknown, api: ApiConnection): IDataObject {
	if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) {
		return answer as IDataObject;
	}
	throw api.unintelligible('its answer is not an object');
}
