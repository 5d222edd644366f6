import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { parseEvent } from '../../../shared/event';
import { findSignatureFault, type SignatureFault } from '../../../shared/signature';
import type { Item } from '../../execution/item';
import type { Operation } from '../../operation';
import { noSecret, readSecrets, secretFields } from '../secret';

const fields: INodeProperties[] = [
	{
		displayName: 'Raw Body',
		name: 'bodySource',
		type: 'options',
		options: [
			{ name: 'Binary File', value: 'binary', description: 'A file of the item, byte for byte' },
			{ name: 'Text', value: 'text', description: 'The text as it arrived' },
		],
		default: 'binary',
		description:
			'Where the body of the delivery is. It has to be the one that arrived: JSON that was parsed and written again is another one.',
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		hint: 'The name of the input field containing the file',
		description: 'In a Webhook node, the option Raw Body puts it into "data"',
		displayOptions: { show: { bodySource: ['binary'] } },
	},
	{
		displayName: 'Body',
		name: 'body',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. {"type":"session.completed","data":{}}',
		description: 'The body of the delivery as text, as it arrived',
		displayOptions: { show: { bodySource: ['text'] } },
	},
	{
		displayName: 'Signature',
		name: 'signature',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. sha256=c99dcd69e2f4…',
		description:
			'The value of the header X-MindPeeker-Signature; a Webhook node has it among its headers',
	},
	...secretFields('What the signature is verified by'),
];

const options: INodeProperties[] = [
	{
		displayName: 'Output Verdict',
		name: 'outputVerdict',
		type: 'boolean',
		default: true,
		description:
			'Whether to return whether the event is genuine as data, { verified, event } or { verified, reason }, instead of failing where it is not',
	},
];

/** What the user is told, by the fault that was found. */
const REASONS: Record<Exclude<SignatureFault, 'no-secret'>, string> = {
	'no-body': 'there is no body',
	'no-signature': 'there is no signature',
	'malformed-signature': 'the signature is not "sha256=" and 64 hexadecimal digits',
	mismatch: 'the signature is not the one of this body and secret',
};

export const verify: Operation = {
	value: 'verify',
	name: 'Verify',
	action: 'Verify event',
	description: 'Check the signature of an event that arrived another way, and return the event',
	fields,
	options,
	isLocal: true,
	async run(item) {
		const verdict = await judge(item);
		if (item.flag(item.collection('options', 'Options').outputVerdict ?? false, 'Output Verdict')) {
			return 'event' in verdict ? { verified: true, ...verdict } : { verified: false, ...verdict };
		}
		if ('event' in verdict) return verdict.event;
		throw item.refuse(
			`The event is not genuine: ${verdict.reason}`,
			'Check that the body is the one that arrived, byte for byte, and that the secret is that of the webhook. What somebody else sent is refused just so.',
		);
	},
};

async function judge(item: Item): Promise<{ event: IDataObject } | { reason: string }> {
	const { current = '', previous = '' } = await readSecrets(item);
	const body = await readBody(item);
	const fault = findSignatureFault(body, item.read('signature'), [current, previous]);
	// That is no fault of the event, and must not look like one.
	if (fault === 'no-secret') throw noSecret(item);
	if (fault) return { reason: REASONS[fault] };
	const parsed = parseEvent(body as Buffer);
	return 'event' in parsed
		? { event: parsed.event }
		: { reason: `signed, but no event: ${parsed.fault}` };
}

/** Undefined where there is none. */
async function readBody(item: Item): Promise<Buffer | undefined> {
	if ((item.optional('bodySource') ?? 'binary') === 'binary') return await readFile(item);
	const body = item.read('body', '');
	if (body === undefined || body === null || body === '') return undefined;
	if (typeof body === 'string') return Buffer.from(body);
	throw item.refuse(
		'The body is not a text: it has been parsed',
		'Hand on the body as it arrived. In a Webhook node, the option Raw Body does that.',
	);
}

async function readFile(item: Item): Promise<Buffer> {
	const field = item.text('binaryPropertyName', 'Input Binary Field');
	const { binary } = item.context.getInputData()[item.index] as INodeExecutionData;
	if (binary?.[field]) return await item.context.helpers.getBinaryDataBuffer(item.index, field);
	throw item.refuse(
		`There is no file "${field}" in the item`,
		'Enter the name under which the item has it. In a Webhook node, the option Raw Body puts it into "data".',
	);
}
