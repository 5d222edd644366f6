import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { isBlank } from '../../../shared/blank';
import { isObject } from '../../../shared/isObject';
import { toList } from '../../../shared/list';
import type { Item } from '../../execution/item';
import type { Operation } from '../../operation';
import { callForObject } from '../answer';

const targetType: INodeProperties = {
	displayName: 'Target Type',
	name: 'targetType',
	type: 'options',
	options: [
		{ name: 'Event', value: 'event' },
		{ name: 'Location', value: 'location' },
		{ name: 'Object', value: 'object' },
		{ name: 'Person', value: 'person' },
	],
	default: 'location',
	description: 'What is to be analysed',
};

const additionalFields: INodeProperties = {
	displayName: 'Additional Fields',
	name: 'additionalFields',
	type: 'collection',
	placeholder: 'Add Field',
	default: {},
	options: [
		{
			displayName: 'Analysis Type',
			name: 'analysisType',
			type: 'options',
			options: [
				{ name: 'Comprehensive', value: 'comprehensive' },
				{ name: 'Deep Dive', value: 'deep_dive' },
				{ name: 'Quick Scan', value: 'quick_scan' },
			],
			default: 'comprehensive',
			description: 'How thorough the analysis is',
		},
		{
			displayName: 'Coordinates',
			name: 'coordinates',
			type: 'fixedCollection',
			placeholder: 'Add Coordinates',
			default: {},
			description: 'Where the target is',
			options: [
				{
					displayName: 'Coordinates',
					name: 'values',
					values: [
						{
							displayName: 'Latitude',
							name: 'latitude',
							type: 'number',
							typeOptions: { minValue: -90, maxValue: 90, numberPrecision: 6 },
							default: 0,
							description: 'In degrees, north of the equator',
						},
						{
							displayName: 'Longitude',
							name: 'longitude',
							type: 'number',
							typeOptions: { minValue: -180, maxValue: 180, numberPrecision: 6 },
							default: 0,
							description: 'In degrees, east of Greenwich',
						},
					],
				},
			],
		},
		{
			displayName: 'Documents',
			name: 'documents',
			type: 'string',
			typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Document' },
			default: [],
			placeholder: 'e.g. https://example.com/report.pdf',
			description: 'URLs of documents about the target',
		},
		{
			displayName: 'Photos',
			name: 'photos',
			type: 'string',
			typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Photo' },
			default: [],
			placeholder: 'e.g. https://example.com/photo.jpg',
			description: 'URLs of photos of the target',
		},
		{
			displayName: 'Priority',
			name: 'priority',
			type: 'options',
			options: [
				{ name: 'High', value: 'high' },
				{ name: 'Low', value: 'low' },
				{ name: 'Medium', value: 'medium' },
				{ name: 'Urgent', value: 'urgent' },
			],
			default: 'medium',
			description: 'How soon the analysis begins',
		},
	],
};

export const submit: Operation = {
	value: 'submit',
	name: 'Submit',
	action: 'Submit analysis',
	description: 'Submit a target for analysis',
	fields: [targetType, additionalFields],
	writes: 'nonIdempotent',
	async run(item) {
		const api = await item.api();
		const adviceIfDone =
			'The analysis may have been queued all the same: look in MindPeeker before you try again.';
		const path = '/analysis/targets';
		const call = { method: 'POST', path, body: bodyOf(item), adviceIfDone } as const;
		return await callForObject(api, call);
	},
};

/** A field that was left blank is undefined, and JSON leaves it out. */
function bodyOf(item: Item): IDataObject {
	const fields = item.collection('additionalFields', 'Additional Fields');
	const { analysisType, priority, ...material } = fields;
	const reference = referenceMaterialOf(material, item);
	return {
		target_type: item.text('targetType', 'Target Type'),
		analysis_type: analysisType,
		priority,
		...(Object.keys(reference).length > 0 && { reference_material: reference }),
	};
}

function referenceMaterialOf(
	{ photos, documents, coordinates }: IDataObject,
	item: Item,
): IDataObject {
	const lists = { photos: toList(photos), documents: toList(documents) };
	const place = isObject(coordinates) ? coordinates.values : undefined;
	return {
		...(lists.photos.length > 0 && { photos: lists.photos }),
		...(lists.documents.length > 0 && { documents: lists.documents }),
		...(isObject(place) && coordinatesOf(place, item)),
	};
}

/** Without coordinates if both are blank. */
function coordinatesOf({ latitude, longitude }: IDataObject, item: Item): IDataObject {
	if (isBlank(latitude) && isBlank(longitude)) return {};
	const coordinates = {
		latitude: coordinate(latitude, 'Latitude', 90, item),
		longitude: coordinate(longitude, 'Longitude', 180, item),
	};
	return { coordinates };
}

function coordinate(value: unknown, title: string, most: number, item: Item): number {
	if (!isBlank(value)) return item.number(value, title, -most, most);
	throw item.refuse(
		`${title} is not a number: it is empty`,
		'Enter both coordinates, or leave both empty.',
	);
}
