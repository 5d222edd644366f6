import type { Operation, Resource } from '../operation';
import { account } from './account';
import { analysis } from './analysis';
import { event } from './event';
import { session } from './session';
import { webhook } from './webhook';

/** What the node can work with, in the order of the alphabet, as n8n wants it. */
export const RESOURCES: readonly Resource[] = [account, analysis, event, session, webhook];

export function operationOf(resource: string, operation: string): Operation {
	const { operations } = RESOURCES.find(({ value }) => value === resource) as Resource;
	const found = operations.find(({ value }) => value === operation);
	if (!found) throw new Error(`There is no operation "${operation}" of the resource "${resource}"`);
	return found;
}
