import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Item } from '../../execution/item';
import type { Operation } from '../../operation';

const fields: INodeProperties[] = [
	{
		displayName: 'Type',
		name: 'sessionType',
		type: 'options',
		options: [
			{ name: 'Automatic Writing', value: 'automatic_writing' },
			{ name: 'Dowsing', value: 'dowsing' },
			{ name: 'Remote Viewing', value: 'remote_viewing' },
		],
		default: 'remote_viewing',
		description: 'The method of the session',
	},
	{
		displayName: 'Target',
		name: 'target',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. Missing person investigation',
		description: 'The subject of the session',
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			{
				displayName: 'Duration (Minutes)',
				name: 'durationMinutes',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 30,
				description: 'The duration of the session',
			},
			{
				displayName: 'Modality',
				name: 'modality',
				type: 'options',
				options: [
					{ name: 'Auditory', value: 'auditory' },
					{ name: 'Kinesthetic', value: 'kinesthetic' },
					{ name: 'Visual', value: 'visual' },
				],
				default: 'visual',
				description: 'The sense that the viewer uses',
			},
			{
				displayName: 'Privacy Level',
				name: 'privacyLevel',
				type: 'options',
				options: [
					{ name: 'Classified', value: 'classified' },
					{ name: 'Private', value: 'private' },
					{ name: 'Public', value: 'public' },
				],
				default: 'private',
				description: 'Who can see the session',
			},
		],
	},
];

export const createSession: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create session',
	description: 'Start a new session',
	builderHint: {
		propertyHint:
			'Returns session_id at once, while the session runs. For its results, use a second workflow with MindPeeker Trigger and session.completed.',
	},
	fields,
	sideEffect: 'nonIdempotent',
	async run(item) {
		const account = await item.getAccount();
		return await account.requestObject({
			method: 'POST',
			path: '/sessions',
			body: buildBody(item),
			hintIfUncertain: 'The session may have been created. Check MindPeeker before you try again.',
		});
	},
};

/** Blank fields are undefined, so that JSON omits them. */
function buildBody(item: Item): IDataObject {
	const fields = item.readCollection('additionalFields', 'Additional Fields');
	const { durationMinutes, modality, privacyLevel } = fields;
	return {
		type: item.readText('sessionType', 'Type'),
		target: item.readText('target', 'Target'),
		modality,
		duration_minutes:
			durationMinutes === undefined ? undefined : item.readNumber(durationMinutes, 'Duration', 1),
		privacy_level: privacyLevel,
	};
}
