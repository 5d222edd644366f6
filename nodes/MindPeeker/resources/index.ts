import type { IExecuteFunctions } from 'n8n-workflow';

import { MindPeekerOperationError } from '../../shared/api/error';
import type { Operation, Resource } from '../operation';
import { getAccountOperation } from './account/get';
import { submitAnalysis } from './analysis/submit';
import { verifyEvent } from './event/verify';
import { createSession } from './session/create';
import { getSession } from './session/get';
import { getSessionResults } from './session/getResults';
import { createWebhook } from './webhook/create';
import { deleteWebhook } from './webhook/delete';
import { getWebhook } from './webhook/get';
import { getManyWebhooks } from './webhook/getAll';
import { sendTestEvent } from './webhook/sendTest';
import { updateWebhook } from './webhook/update';
import { upsertWebhook } from './webhook/upsert';

/** In alphabetical order, as n8n requires. */
export const RESOURCES: readonly Resource[] = [
	{ value: 'account', name: 'Account', operations: [getAccountOperation] },
	{ value: 'analysis', name: 'Analysis', operations: [submitAnalysis] },
	{ value: 'event', name: 'Event', operations: [verifyEvent] },
	{ value: 'session', name: 'Session', operations: [createSession, getSession, getSessionResults] },
	{
		value: 'webhook',
		name: 'Webhook',
		operations: [
			createWebhook,
			upsertWebhook,
			deleteWebhook,
			getWebhook,
			getManyWebhooks,
			sendTestEvent,
			updateWebhook,
		],
	},
];

/** @throws {NodeOperationError} if it does not exist; an AI agent or a script may invent one */
export function findOperation(context: IExecuteFunctions): Operation {
	const name = context.getNodeParameter('resource', 0);
	const { operations } = find(RESOURCES, name, 'resource', '', context);
	const operation = context.getNodeParameter('operation', 0);
	return find(operations, operation, 'operation', ` of the resource "${String(name)}"`, context);
}

function find<T extends { readonly value: string }>(
	candidates: readonly T[],
	name: unknown,
	kind: string,
	scope: string,
	context: IExecuteFunctions,
): T {
	const found = candidates.find(({ value }) => value === name);
	if (found) return found;
	throw new MindPeekerOperationError(context, {
		message: `There is no ${kind} "${String(name)}"${scope}`,
		hint: `Choose one of ${candidates.map(({ value }) => value).join(', ')}.`,
	});
}
