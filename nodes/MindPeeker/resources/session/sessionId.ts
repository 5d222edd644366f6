import type { INodeProperties } from 'n8n-workflow';

import type { Item } from '../../execution/item';

/** Which session; the trigger's events carry it as `data.session_id`. */
export const sessionId: INodeProperties = {
	displayName: 'Session ID',
	name: 'sessionId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. sess_123456789',
	description:
		'The ID of the session. An event of the MindPeeker Trigger has it in data, as session_id.',
};

/** Where the session is found in the API. */
export function locateSession(item: Item): { path: string; subject: string } {
	const id = item.id('sessionId', 'Session ID');
	return { path: `/sessions/${encodeURIComponent(id)}`, subject: `session ${id}` };
}
