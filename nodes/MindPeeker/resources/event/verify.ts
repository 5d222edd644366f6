import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { parseEvent } from '../../../shared/events/event';
import { findSignatureProblem, type SignatureProblem } from '../../../shared/signature';
import type { Item } from '../../execution/item';
import type { Operation } from '../../operation';
import { buildSecretFields, createMissingSecretError, readSecrets } from '../secret';

const fields: INodeProperties[] = [
	{
		displayName: 'Raw Body',
		name: 'bodySource',
		type: 'options',
		options: [
			{ name: 'Binary File', value: 'binary', description: 'A file in the item' },
			{ name: 'Text', value: 'text', description: 'A text field' },
		],
		default: 'binary',
		description:
			'Where to find the body of the delivery. It must be unchanged: parsed JSON does not match the signature.',
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		hint: 'The name of the input field containing the file',
		description: 'The Webhook node stores the body in "data" if you add its option Raw Body',
		displayOptions: { show: { bodySource: ['binary'] } },
	},
	{
		displayName: 'Body',
		name: 'body',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. {"type":"session.completed","data":{}}',
		description: 'The unchanged body of the delivery',
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
			'The value of the header X-MindPeeker-Signature. The Webhook node outputs all headers.',
	},
	...buildSecretFields('The secret to verify the signature with'),
];

const options: INodeProperties[] = [
	{
		displayName: 'Return Verification Result',
		name: 'outputVerdict',
		type: 'boolean',
		default: true,
		description:
			'Whether to return { verified, event } or { verified, reason } instead of failing if the event is not genuine',
	},
];

const REASONS: Record<Exclude<SignatureProblem, 'no-secret'>, string> = {
	'no-body': 'the body is empty',
	'no-signature': 'the signature is empty',
	'malformed-signature': 'the signature is not "sha256=" and 64 hexadecimal digits',
	mismatch: 'the signature does not match the body and the secret',
};

export const verifyEvent: Operation = {
	value: 'verify',
	name: 'Verify',
	action: 'Verify event',
	description: 'Check the signature of an event that another node received, and return the event',
	fields,
	options,
	offline: true,
	async run(item) {
		const result = await verify(item);
		const { outputVerdict = false } = item.readCollection('options', 'Options');
		if (item.readBoolean(outputVerdict, 'Return Verification Result')) {
			return { verified: 'event' in result, ...result };
		}
		if ('event' in result) return result.event;
		throw item.createError(
			`The event is not genuine: ${result.reason}`,
			'Check that the body is unchanged, and that the secret is the secret of the webhook. A forged event fails with the same error.',
		);
	},
};

async function verify(item: Item): Promise<{ event: IDataObject } | { reason: string }> {
	const { current = '', previous = '' } = await readSecrets(item);
	const body = await readBody(item);
	const problem = findSignatureProblem(body, item.read('signature'), [current, previous]);
	// A missing secret is an error of the setup, and says nothing about the event.
	if (problem === 'no-secret') throw createMissingSecretError(item);
	if (problem) return { reason: REASONS[problem] };
	const parsed = parseEvent(body as Buffer);
	return 'event' in parsed
		? { event: parsed.event }
		: { reason: `the signature matches, but the body is not an event: ${parsed.problem}` };
}

/** Returns undefined if there is no body. */
async function readBody(item: Item): Promise<Buffer | undefined> {
	if ((item.readOptional('bodySource') ?? 'binary') === 'binary') return await readFile(item);
	const body = item.read('body', '');
	if (body === undefined || body === null || body === '') return undefined;
	if (typeof body === 'string') return Buffer.from(body);
	throw item.createError(
		'The body is not a text, because it was parsed',
		'Pass the body unchanged. In the Webhook node, add the option Raw Body.',
	);
}

async function readFile(item: Item): Promise<Buffer> {
	const field = item.readText('binaryPropertyName', 'Input Binary Field');
	const { binary } = item.context.getInputData()[item.index] as INodeExecutionData;
	if (binary?.[field]) return await item.context.helpers.getBinaryDataBuffer(item.index, field);
	throw item.createError(
		`There is no file "${field}" in the item`,
		'Enter the name of a binary field. The Webhook node uses "data" if you add its option Raw Body.',
	);
}
