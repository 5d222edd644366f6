import type { INodeProperties } from 'n8n-workflow';

import { DEFAULT_CONCURRENCY, type Operation, type Resource } from './operation';
import { RESOURCES } from './resources';

/** Has the same fields as Batching in n8n's HTTP Request node. */
const batching: INodeProperties = {
	displayName: 'Batching',
	name: 'batching',
	placeholder: 'Add Batching',
	type: 'fixedCollection',
	typeOptions: { multipleValues: false },
	default: { batch: {} },
	builderHint: {
		propertyHint:
			'Omit it, unless the user asks to limit the requests. The node waits for rate limits and retries.',
	},
	options: [
		{
			displayName: 'Batching',
			name: 'batch',
			values: [
				{
					displayName: 'Items per Batch',
					name: 'batchSize',
					type: 'number',
					typeOptions: { minValue: -1 },
					default: DEFAULT_CONCURRENCY,
					description:
						'How many items to process at the same time. Use -1 for all items. 0 is treated as 1.',
				},
				{
					displayName: 'Batch Interval (Ms)',
					name: 'batchInterval',
					type: 'number',
					typeOptions: { minValue: 0 },
					default: 1000,
					description: 'Time (in milliseconds) between each batch of requests. 0 for disabled.',
				},
			],
		},
	],
};

/** The parameters of the node. Their names and values are stored in users' workflows. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: RESOURCES.map(({ name, value }) => ({ name, value })),
		default: 'webhook',
	},
	...RESOURCES.map(buildOperationField),
	...RESOURCES.flatMap((resource) =>
		resource.operations.flatMap((operation) => buildFields(resource, operation)),
	),
];

/** Below the node's name on the canvas, such as "Get Many: Webhook". */
export const subtitle = buildSubtitle();

function buildSubtitle(): string {
	const names = RESOURCES.flatMap((resource) =>
		resource.operations.map((operation) => [
			`${resource.value}.${operation.value}`,
			`${operation.name}: ${resource.name}`,
		]),
	);
	const nameByValue = JSON.stringify(Object.fromEntries(names));
	return `={{ (${nameByValue})[$parameter["resource"] + "." + $parameter["operation"]] }}`;
}

function buildOperationField({ value: resource, operations }: Resource): INodeProperties {
	const first = operations[0].value;
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: operations.map(({ name, value, action, description, builderHint }) => ({
			name,
			value,
			action,
			description,
			builderHint,
		})),
		default: first,
	};
}

function buildFields({ value: resource }: Resource, operation: Operation): INodeProperties[] {
	const { value, fields, options = [], offline = false, sequential = false } = operation;
	const allOptions = offline || sequential ? options : [...options, batching];
	const collection: INodeProperties = {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [...allOptions].sort((a, b) => a.displayName.localeCompare(b.displayName)),
	};
	return [...fields, ...(allOptions.length > 0 ? [collection] : [])].map((field) => ({
		...field,
		displayOptions: {
			...field.displayOptions,
			show: { ...field.displayOptions?.show, resource: [resource], operation: [value] },
		},
	}));
}
