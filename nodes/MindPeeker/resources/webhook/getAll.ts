import type { INodeProperties } from 'n8n-workflow';

import { EVENT_OPTIONS } from '../../../shared/events/selection';
import { toList } from '../../../shared/values';
import type { Webhook } from '../../../shared/api/webhooks';
import type { Item } from '../../execution/item';
import type { Operation } from '../../operation';
import { readEvents, toOutput } from './fields';

const DEFAULT_LIMIT = 50;

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
		// DEFAULT_LIMIT, but n8n's lint rule accepts only the literal.
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
				description: 'Whether to return only active webhooks, or only paused and failed ones',
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

export const getManyWebhooks: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many webhooks',
	description: 'Retrieve a list of webhooks',
	fields,
	async run(item) {
		const isAll = item.readBoolean(item.readOptional('returnAll') ?? false, 'Return All');
		const limit = isAll ? Infinity : readLimit(item);
		const isMatch = readFilters(item);
		const { webhooks } = await item.getAccount();
		const found: Webhook[] = [];
		for await (const page of webhooks.listPages()) {
			found.push(...page.filter(isMatch));
			if (found.length >= limit) break;
		}
		return found.slice(0, limit).map(toOutput);
	},
};

function readLimit(item: Item): number {
	return Math.floor(item.readNumber(item.readOptional('limit') ?? DEFAULT_LIMIT, 'Limit', 1));
}

function readFilters(item: Item): (webhook: Webhook) => boolean {
	const filters = item.readCollection('filters', 'Filters');
	const active =
		filters.active === undefined ? undefined : item.readBoolean(filters.active, 'Active');
	const types = toList(filters.events).length > 0 ? readEvents(item, filters.events) : undefined;
	const text = String(filters.url ?? '').toLowerCase();
	return (webhook) =>
		(active === undefined || webhook.active === active) &&
		(types === undefined || types.some((type) => webhook.events.includes(type))) &&
		webhook.url.toLowerCase().includes(text);
}
