import type { Operation } from '../../operation';
import { objectOf } from '../answer';

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get account',
	description: 'Retrieve the account that the API key belongs to',
	fields: [],
	async run({ connections }) {
		const api = await connections.api();
		const answer = objectOf(await api.call({ method: 'GET', path: '/users/me' }), api);
		return objectOf(answer.data ?? answer, api);
	},
};
