import { randomBytes } from 'node:crypto';

import { createSignedEvent } from '../../load.mts';
import { createWorkflow, forge, type CandidateGroup } from './candidate.mts';

const secret = randomBytes(32).toString('hex');
const createWebhookNode = (id: string, options: object = {}) => ({
	id: `${id}-webhook`,
	name: 'Webhook',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2.1,
	webhookId: id,
	parameters: { httpMethod: 'POST', path: id, options },
});
const createDelivery = (eventId: string) => createSignedEvent(eventId, secret);

/** n8n's Webhook node: alone, which verifies nothing, and followed by nodes that verify and deduplicate. */
export function createWebhookCandidates(n8nUrl: string): CandidateGroup {
	return {
		credentials: [{ id: 'crypto', name: 'Crypto', type: 'crypto', data: { hmacSecret: secret } }],
		candidates: [
			{
				name: 'Webhook',
				workflow: createWorkflow('webhook-node', [createWebhookNode('webhook-node')]),
				url: () => `${n8nUrl}/webhook/webhook-node`,
				createDelivery,
			},
			{
				name: 'Webhook and verification',
				workflow: createWorkflow('webhook-verification', [
					createWebhookNode('webhook-verification', { rawBody: true }),
					...createVerificationNodes(),
				]),
				url: () => `${n8nUrl}/webhook/webhook-verification`,
				createDelivery,
				createForgery: (eventId) => forge(createDelivery(eventId)),
				rejection: { status: 200, startsExecution: true },
			},
		],
	};
}

function createVerificationNodes() {
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
