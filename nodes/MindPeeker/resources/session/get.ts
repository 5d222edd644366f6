import type { INodeProperties } from 'n8n-workflow';

import type { Item } from '../../execution/item';
import type { Operation } from '../../operation';

export const sessionId: INodeProperties = {
	displayName: 'Session ID',
	name: 'sessionId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. sess_123456789',
	description:
		'The ID of the session. Events of the MindPeeker Trigger have it in data.session_id.',
	builderHint: {
		propertyHint:
			"After MindPeeker Trigger: expr('{{ $json.data.session_id }}'). After the operation create: expr('{{ $json.session_id }}').",
	},
};

export const getSession: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get session',
	description: 'Retrieve the state and the progress of a session',
	fields: [sessionId],
	async run(item) {
		const account = await item.getAccount();
		return await account.requestObject({ method: 'GET', ...locateSession(item) });
	},
};

/** Returns the path in the API, and the name of the session in error messages. */
export function locateSession(item: Item): { path: string; subject: string } {
	const id = item.readId('sessionId', 'Session ID');
	return { path: `/sessions/${encodeURIComponent(id)}`, subject: `session ${id}` };
}
