import type { INodeProperties } from 'n8n-workflow';

import { EVENT_OPTIONS } from '../../../screen/eventOptions';
import type { Webhook } from '../../../shared/webhooks';
import type { Item } from '../../execution/item';
import type { Operation } from '../../operation';
import { readEvents, shown } from './fields';

const fields: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: [
			{
				displayName: 'Active',
				name: 'active',
				type: 'boolean',
				default: true,
				description:
					'Whether to return only the active webhooks, or only those that are paused or were marked as failed',
			},
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				default: [],
				description: 'Only webhooks that receive at least one of these events',
				options: EVENT_OPTIONS,
			},
			{
				displayName: 'URL Contains',
				name: 'url',
				type: 'string',
				default: '',
				placeholder: 'e.g. n8n.example.com',
				description: 'Only webhooks with this text in their URL',
			},
		],
	},
];

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many webhooks',
	description: 'Retrieve a list of webhooks',
	fields,
	async run(item) {
		const isAll = item.flag(item.read('returnAll'), 'Return All');
		const limit = isAll ? Infinity : Math.floor(item.number(item.read('limit'), 'Limit', 1));
		const isAskedFor = filterOf(item);
		const found: Webhook[] = [];
		for await (const page of (await item.connections.webhooks()).pages()) {
			found.push(...page.filter(isAskedFor));
			if (found.length >= limit) break;
		}
		return found.slice(0, limit).map(shown);
	},
};

function filterOf(item: Item): (webhook: Webhook) => boolean {
	const { active: wanted, events, url } = item.collection('filters');
	const active = wanted === undefined ? undefined : item.flag(wanted, 'Active');
	const hasEvents = [events].flat().some((name) => name !== undefined && name !== '');
	const types = hasEvents ? readEvents(item, events) : undefined;
	const text = String(url ?? '').toLowerCase();
	return (webhook) =>
		(active === undefined || webhook.active === active) &&
		(types === undefined || types.some((type) => webhook.events.includes(type))) &&
		webhook.url.toLowerCase().includes(text);
}
