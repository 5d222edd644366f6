import { randomBytes } from 'node:crypto';

import { signedEvent } from '../../load.mts';
import { chain, withWrongSignature, type Group } from './contender.mts';

const secret = randomBytes(32).toString('hex');
const webhook = (id: string, options: object = {}) => ({
	id: `${id}-webhook`,
	name: 'Webhook',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2.1,
	webhookId: id,
	parameters: { httpMethod: 'POST', path: id, options },
});
const delivery = (eventId: string) => signedEvent(eventId, secret);

/** n8n's Webhook node: alone, where it verifies nothing, and with the nodes that people put behind it to verify. */
export function webhookNode(n8nUrl: string): Group {
	return {
		credentials: [{ id: 'crypto', name: 'Crypto', type: 'crypto', data: { hmacSecret: secret } }],
		contenders: [
			{
				name: 'Webhook node',
				workflow: chain('webhook-node', [webhook('webhook-node')]),
				url: () => `${n8nUrl}/webhook/webhook-node`,
				delivery,
			},
			{
				name: 'built by hand',
				workflow: chain('by-hand', [webhook('by-hand', { rawBody: true }), ...verification()]),
				url: () => `${n8nUrl}/webhook/by-hand`,
				delivery,
				forged: (eventId) => withWrongSignature(delivery(eventId)),
				refusal: { status: 200, startsExecution: true },
			},
		],
	};
}

function verification() {
	return [
		{
			name: 'Crypto',
			type: 'n8n-nodes-base.crypto',
			typeVersion: 2,
			parameters: {
				action: 'hmac',
				type: 'SHA256',
				binaryData: true,
				binaryPropertyName: 'data',
				dataPropertyName: 'signature',
				encoding: 'hex',
			},
			credentials: { crypto: { id: 'crypto', name: 'Crypto' } },
		},
		{
			name: 'If',
			type: 'n8n-nodes-base.if',
			typeVersion: 2.2,
			parameters: {
				conditions: {
					options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
					combinator: 'and',
					conditions: [
						{
							id: 'signature',
							leftValue: "={{ $json.headers['x-mindpeeker-signature'] }}",
							rightValue: '=sha256={{ $json.signature }}',
							operator: { type: 'string', operation: 'equals' },
						},
					],
				},
			},
		},
		{
			name: 'Remove Duplicates',
			type: 'n8n-nodes-base.removeDuplicates',
			typeVersion: 2,
			parameters: {
				operation: 'removeItemsSeenInPreviousExecutions',
				dedupeValue: '={{ $json.body.id }}',
				options: {},
			},
		},
	];
}
