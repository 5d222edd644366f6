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
		builderHint: {
			propertyHint:
				"After a Webhook node, use 'binary' and set options.rawBody of the Webhook node to true. Never use $json.body.",
		},
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
		builderHint: {
			propertyHint:
				'After a Webhook node: expr(\'{{ $json.headers["x-mindpeeker-signature"] }}\').',
		},
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
		builderHint: {
			propertyHint:
				'If omitted, it is false: the node fails for a forged event, and otherwise returns the event.',
		},
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
	builderHint: {
		propertyHint:
			'Only after a Webhook node, a queue or a file. MindPeeker Trigger has verified its events already.',
	},
	fields,
	options,
	offline: true,
	async run(item) {
		const result = await verify(item);
		const { outputVerdict = false } = item.readCollection('options', 'Options');
		const shouldReturnResult = item.readBoolean(outputVerdict, 'Return Verification Result');
		if ('event' in result) {
			const { event } = result;
			return shouldReturnResult ? { verified: true, event } : event;
		}
		const { reason, isSigned } = result;
		if (shouldReturnResult) return { verified: false, reason };
		if (isSigned) {
			throw item.createError(
				`The event is not valid: ${reason}`,
				'Check that the node receives the body of a delivery from MindPeeker.',
			);
		}
		throw item.createError(
			`The event is not genuine: ${reason}`,
			'Check that the body is unchanged, and that the secret is the secret of the webhook. A forged event fails with the same error.',
		);
	},
};

type Result = { event: IDataObject } | { reason: string; isSigned: boolean };

async function verify(item: Item): Promise<Result> {
	const { current = '', previous = '' } = await readSecrets(item);
	const body = await readBody(item);
	const problem = findSignatureProblem(body, item.read('signature'), [current, previous]);
	// A missing secret is an error of the setup, and says nothing about the event.
	if (problem === 'no-secret') throw createMissingSecretError(item);
	if (problem) return { reason: REASONS[problem], isSigned: false };
	const parsed = parseEvent(body as Buffer);
	if ('event' in parsed) return { event: parsed.event };
	const reason = `the signature matches, but the body is not an event: ${parsed.problem}`;
	return { reason, isSigned: true };
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
