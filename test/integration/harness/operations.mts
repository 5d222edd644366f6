import type { IDataObject } from 'n8n-workflow';

import { RESOURCES } from '../../../nodes/MindPeeker/resources/index.ts';
import { sign } from '../../../nodes/shared/signature.ts';
import type { Simulator } from '../../../simulator/index.mts';
import { eventOf, SECRET } from './deliver.mts';
import { byId, type NodeHost } from './nodeHost.mts';

/** All that the node can do, such as `webhook.create`. */
export const OPERATIONS = RESOURCES.flatMap(({ value, operations }) =>
	operations.map((operation) => `${value}.${operation.value}`),
);

/**
 * What is entered for an operation so that it succeeds; what it works on is there then. With another number it is about
 * something else.
 */
export async function parametersFor(
	operation: string,
	host: NodeHost,
	simulator: Simulator,
	number = 0,
): Promise<IDataObject> {
	const body = JSON.stringify(eventOf(`evt_${number}`));
	const target = `Well ${number}`;
	const url = `http://127.0.0.1:9/${number}`;
	const toRegister = { url, events: ['session.completed'], active: true };
	const webhook = async () => {
		const parameters = { ...toRegister, secretSource: 'generate' };
		const [{ id } = {}] = await host.json('webhook.create', parameters);
		return byId(String(id));
	};
	const sessionId = async () => {
		const additionalFields = { durationMinutes: 1 };
		const parameters = { sessionType: 'dowsing', target, additionalFields };
		const [{ session_id: id } = {}] = await host.json('session.create', parameters);
		await simulator.idle();
		return id;
	};
	const makers: Record<string, () => Promise<IDataObject>> = {
		'account.get': async () => ({}),
		'analysis.submit': async () => ({ targetType: ['location', 'person'][number] }),
		'event.verify': async () => ({
			bodySource: 'text',
			body,
			signature: sign(Buffer.from(body), SECRET),
			secretSource: 'credential',
		}),
		'session.create': async () => ({ sessionType: 'dowsing', target }),
		'session.get': async () => ({ sessionId: await sessionId() }),
		'session.getResults': async () => ({ sessionId: await sessionId() }),
		'webhook.create': async () => ({ ...toRegister, secretSource: 'generate' }),
		'webhook.delete': async () => ({ webhook: await webhook() }),
		'webhook.get': async () => ({ webhook: await webhook() }),
		'webhook.getAll': async () => ({
			returnAll: false,
			limit: 1,
			filters: { url },
			webhook: await webhook(),
		}),
		'webhook.sendTest': async () => ({ webhook: await webhook(), eventType: 'session.failed' }),
		'webhook.update': async () => ({ webhook: await webhook(), updateFields: { active: true } }),
		'webhook.upsert': async () => ({ ...toRegister, secretSource: 'credential' }),
	};
	const make = makers[operation];
	if (!make) throw new Error(`Say here what is entered for ${operation}`);
	return await make();
}

/** The same parameters, each value an expression that reads it from there. */
export function fromItem(values: IDataObject, path: string): IDataObject {
	const read = Object.entries(values).map(([name, value]) => {
		const place = `${path}[${JSON.stringify(name)}]`;
		const isNested = typeof value === 'object' && value !== null && !Array.isArray(value);
		if (isNested) return [name, fromItem(value as IDataObject, place)];
		// What makes a value a pick from a list is no value.
		return [name, name === '__rl' || name === 'mode' ? value : `={{ ${place} }}`];
	});
	return Object.fromEntries(read) as IDataObject;
}
