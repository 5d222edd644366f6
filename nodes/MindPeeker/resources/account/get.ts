import type { Operation } from '../../operation';
import { callForObject, objectOf } from '../answer';

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get account',
	description: 'Retrieve the account that the API key belongs to',
	fields: [],
	async run(item) {
		const api = await item.api();
		const answer = await callForObject(api, { method: 'GET', path: '/users/me' });
		return objectOf(answer.data ?? answer, api);
	},
};
