import type { Operation } from '../../operation';

export const getAccountOperation: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get account',
	description: 'Retrieve the account that the API key belongs to',
	fields: [],
	async run(item) {
		const account = await item.getAccount();
		const response = await account.requestObject({ method: 'GET', path: '/users/me' });
		return account.asObject(response.data ?? response);
	},
};
