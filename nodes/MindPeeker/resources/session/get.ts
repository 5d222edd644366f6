import type { Operation } from '../../operation';
import { callForObject } from '../answer';
import { locateSession, sessionId } from './sessionId';

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get session',
	description: 'Retrieve the state and the progress of a session',
	fields: [sessionId],
	async run(item) {
		const api = await item.api();
		return await callForObject(api, { method: 'GET', ...locateSession(item) });
	},
};
