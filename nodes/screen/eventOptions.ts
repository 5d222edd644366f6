import type { INodePropertyOptions } from 'n8n-workflow';

import { EVENT_TYPES, eventTitle } from '../shared/events';

/** Every type of event, as the editor lets one choose among them. */
export const EVENT_OPTIONS: INodePropertyOptions[] = EVENT_TYPES.map(({ type, description }) => ({
	name: eventTitle(type),
	value: type,
	description: `${description} (${type})`,
}));
