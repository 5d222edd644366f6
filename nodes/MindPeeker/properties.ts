import type { INodeProperties } from 'n8n-workflow';

import { batching } from './execution/batching';
import type { Operation, Resource } from './operation';
import { RESOURCES } from './resources';

/** The node's screen. Names and values are kept in users' workflows. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: RESOURCES.map(({ name, value }) => ({ name, value })),
		default: 'webhook',
	},
	...RESOURCES.map(choiceOfOperation),
	...RESOURCES.flatMap((resource) =>
		resource.operations.flatMap((operation) => fieldsOf(resource, operation)),
	),
];

function choiceOfOperation({ value: resource, operations }: Resource): INodeProperties {
	const first = operations[0].value;
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: operations.map(({ name, value, action, description }) => ({
			name,
			value,
			action,
			description,
		})),
		default: first,
	};
}

function fieldsOf({ value: resource }: Resource, operation: Operation): INodeProperties[] {
	const { value, fields, options = [], isLocal = false, isOneAtATime = false } = operation;
	const offered = isLocal || isOneAtATime ? options : [...options, batching];
	const collection: INodeProperties = {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [...offered].sort((one, other) => one.displayName.localeCompare(other.displayName)),
	};
	return [...fields, ...(offered.length > 0 ? [collection] : [])].map((field) => ({
		...field,
		displayOptions: {
			...field.displayOptions,
			show: { ...field.displayOptions?.show, resource: [resource], operation: [value] },
		},
	}));
}
