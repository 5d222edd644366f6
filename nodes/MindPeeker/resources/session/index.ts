import type { Resource } from '../../operation';
import { create } from './create';
import { get } from './get';
import { getResults } from './getResults';

export const session: Resource = {
	value: 'session',
	name: 'Session',
	operations: [create, get, getResults],
};
