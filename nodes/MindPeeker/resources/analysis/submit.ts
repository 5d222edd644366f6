import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { isBlank, isObject, toList } from '../../../shared/values';
import type { Item } from '../../execution/item';
import type { Operation } from '../../operation';

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
	description: 'The kind of target',
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
			description: 'The depth of the analysis',
		},
		{
			displayName: 'Coordinates',
			name: 'coordinates',
			type: 'fixedCollection',
			placeholder: 'Add Coordinates',
			default: {},
			description: 'The location of the target',
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
							description: 'In degrees. Negative south of the equator.',
						},
						{
							displayName: 'Longitude',
							name: 'longitude',
							type: 'number',
							typeOptions: { minValue: -180, maxValue: 180, numberPrecision: 6 },
							default: 0,
							description: 'In degrees. Negative west of Greenwich.',
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
			description: 'The priority of the analysis',
		},
	],
};

export const submitAnalysis: Operation = {
	value: 'submit',
	name: 'Submit',
	action: 'Submit analysis',
	description: 'Submit a target for analysis',
	builderHint: {
		propertyHint:
			'Returns at once. No operation gets the result: use a second workflow with MindPeeker Trigger and analysis.completed.',
	},
	fields: [targetType, additionalFields],
	sideEffect: 'nonIdempotent',
	async run(item) {
		const account = await item.getAccount();
		return await account.requestObject({
			method: 'POST',
			path: '/analysis/targets',
			body: buildBody(item),
			hintIfUncertain: 'The analysis may have been queued. Check MindPeeker before you try again.',
		});
	},
};

/** Blank fields are undefined, so that JSON omits them. */
function buildBody(item: Item): IDataObject {
	const fields = item.readCollection('additionalFields', 'Additional Fields');
	const { analysisType, priority, ...references } = fields;
	const material = buildReferenceMaterial(references, item);
	return {
		target_type: item.readText('targetType', 'Target Type'),
		analysis_type: analysisType,
		priority,
		...(Object.keys(material).length > 0 && { reference_material: material }),
	};
}

function buildReferenceMaterial(
	{ photos, documents, coordinates }: IDataObject,
	item: Item,
): IDataObject {
	const lists = { photos: toList(photos), documents: toList(documents) };
	const location = isObject(coordinates) ? coordinates.values : undefined;
	return {
		...(lists.photos.length > 0 && { photos: lists.photos }),
		...(lists.documents.length > 0 && { documents: lists.documents }),
		...(isObject(location) && buildCoordinates(location, item)),
	};
}

/** Empty if both are blank. */
function buildCoordinates({ latitude, longitude }: IDataObject, item: Item): IDataObject {
	if (isBlank(latitude) && isBlank(longitude)) return {};
	const coordinates = {
		latitude: readCoordinate(latitude, 'Latitude', 90, item),
		longitude: readCoordinate(longitude, 'Longitude', 180, item),
	};
	return { coordinates };
}

function readCoordinate(value: unknown, title: string, max: number, item: Item): number {
	if (!isBlank(value)) return item.readNumber(value, title, -max, max);
	throw item.createError(`${title} is empty`, 'Enter both coordinates, or leave both empty.');
}
