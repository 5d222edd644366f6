import type { IExecuteFunctions } from 'n8n-workflow';

import { MindPeekerOperationError } from '../../shared/mindPeekerError';
import type { Operation, Resource } from '../operation';
import { account } from './account';
import { analysis } from './analysis';
import { event } from './event';
import { session } from './session';
import { webhook } from './webhook';

/** What the node can work with, in the order of the alphabet, as n8n wants it. */
export const RESOURCES: readonly Resource[] = [account, analysis, event, session, webhook];

/** @throws {NodeOperationError} if there is no such resource or operation: an AI agent or a script may invent one */
export function operationOf(context: IExecuteFunctions): Operation {
	const name = context.getNodeParameter('resource', 0);
	const { operations } = find(RESOURCES, name, 'resource', '', context);
	const operation = context.getNodeParameter('operation', 0);
	return find(operations, operation, 'operation', ` of the resource "${String(name)}"`, context);
}

function find<T extends { readonly value: string }>(
	offered: readonly T[],
	name: unknown,
	kind: string,
	where: string,
	context: IExecuteFunctions,
): T {
	const found = offered.find(({ value }) => value === name);
	if (found) return found;
	throw new MindPeekerOperationError(context, {
		what: `There is no ${kind} "${String(name)}"${where}`,
		advice: `Choose one of ${offered.map(({ value }) => value).join(', ')}.`,
	});
}
