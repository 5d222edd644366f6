import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Item } from '../../execution/item';
import type { Operation } from '../../operation';
import { callForObject } from '../answer';

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
		description: 'How the session works',
	},
	{
		displayName: 'Target',
		name: 'target',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. Missing person investigation',
		description: 'What the session is about',
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
				description: 'How long the session takes',
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
				description: 'By which sense impressions are taken',
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
				description: 'Who may see the session',
			},
		],
	},
];

export const create: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create session',
	description: 'Start a new session',
	fields,
	writes: 'nonIdempotent',
	async run(item) {
		const api = await item.api();
		const adviceIfDone =
			'The session may have been started all the same: look in MindPeeker before you try again.';
		const call = { method: 'POST', path: '/sessions', body: bodyOf(item), adviceIfDone } as const;
		return await callForObject(api, call);
	},
};

/** A field that was left blank is undefined, and JSON leaves it out. */
function bodyOf(item: Item): IDataObject {
	const fields = item.collection('additionalFields', 'Additional Fields');
	const { durationMinutes, modality, privacyLevel } = fields;
	return {
		type: item.text('sessionType', 'Type'),
		target: item.text('target', 'Target'),
		modality,
		duration_minutes:
			durationMinutes === undefined ? undefined : item.number(durationMinutes, 'Duration', 1),
		privacy_level: privacyLevel,
	};
}
