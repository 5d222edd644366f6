import type { IDataObject } from 'n8n-workflow';

import { RESOURCES } from '../../../nodes/MindPeeker/resources/index.ts';
import { sign } from '../../../nodes/shared/signature.ts';
import type { Simulator } from '../../../simulator/index.mts';
import { createEvent, SECRET } from './deliver.mts';
import { byId, type NodeHost } from './nodeHost.mts';

/** All operations of the node, such as `webhook.create`. */
export const OPERATIONS = RESOURCES.flatMap(({ value, operations }) =>
	operations.map((operation) => `${value}.${operation.value}`),
);

/** Returns parameters with which the operation succeeds, and creates the objects that it needs. `number` varies them. */
export async function createParameters(
	operation: string,
	host: NodeHost,
	simulator: Simulator,
	number = 0,
): Promise<IDataObject> {
	const body = JSON.stringify(createEvent(`evt_${number}`));
	const target = `Well ${number}`;
	const url = `http://127.0.0.1:9/${number}`;
	const webhookFields = { url, events: ['session.completed'], active: true };
	const createWebhook = async () => {
		const parameters = { ...webhookFields, secretSource: 'generate' };
		const [{ id } = {}] = await host.json('webhook.create', parameters);
		return byId(String(id));
	};
	const createSession = async () => {
		const additionalFields = { durationMinutes: 1 };
		const parameters = { sessionType: 'dowsing', target, additionalFields };
		const [{ session_id: id } = {}] = await host.json('session.create', parameters);
		await simulator.waitUntilIdle();
		return id;
	};
	const creators: Record<string, () => Promise<IDataObject>> = {
		'account.get': async () => ({}),
		'analysis.submit': async () => ({ targetType: ['location', 'person'][number] }),
		'event.verify': async () => ({
			bodySource: 'text',
			body,
			signature: sign(Buffer.from(body), SECRET),
			secretSource: 'credential',
		}),
		'session.create': async () => ({ sessionType: 'dowsing', target }),
		'session.get': async () => ({ sessionId: await createSession() }),
		'session.getResults': async () => ({ sessionId: await createSession() }),
		'webhook.create': async () => ({ ...webhookFields, secretSource: 'generate' }),
		'webhook.delete': async () => ({ webhook: await createWebhook() }),
		'webhook.get': async () => ({ webhook: await createWebhook() }),
		'webhook.getAll': async () => ({
			returnAll: false,
			limit: 1,
			filters: { url },
			webhook: await createWebhook(),
		}),
		'webhook.sendTest': async () => ({
			webhook: await createWebhook(),
			eventType: 'session.failed',
		}),
		'webhook.update': async () => ({
			webhook: await createWebhook(),
			updateFields: { active: true },
		}),
		'webhook.upsert': async () => ({ ...webhookFields, secretSource: 'credential' }),
	};
	const create = creators[operation];
	if (!create) throw new Error(`Add parameters for ${operation} here`);
	return await create();
}

/** Replaces each value by an expression that reads the same value from the path. */
export function toExpressions(values: IDataObject, path: string): IDataObject {
	const expressions = Object.entries(values).map(([name, value]) => {
		const valuePath = `${path}[${JSON.stringify(name)}]`;
		const isNested = typeof value === 'object' && value !== null && !Array.isArray(value);
		if (isNested) return [name, toExpressions(value as IDataObject, valuePath)];
		// These fields make the value a resource locator.
		return [name, name === '__rl' || name === 'mode' ? value : `={{ ${valuePath} }}`];
	});
	return Object.fromEntries(expressions) as IDataObject;
}
