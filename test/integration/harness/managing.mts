import { afterEach, beforeEach } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { NodeHost } from './nodeHost.mts';

export const url = 'http://127.0.0.1:9/hooks/1';
export const events = ['session.completed', 'session.failed'];
export let simulator: Simulator;
/** The MindPeeker node, with the API key of this service. */
export let host: NodeHost;

/** Gives each test of a file both anew. */
export function forEachTest(): void {
	beforeEach(async () => {
		simulator = await startSimulator();
		host = new NodeHost(simulator);
	});
	afterEach(async () => await simulator.close());
}

/** Gives the test a service that has each url only once. */
export async function takeEachUrlOnce(): Promise<void> {
	await simulator.close();
	simulator = await startSimulator({ uniqueUrls: true });
	host = new NodeHost(simulator);
}

/** What the service was asked. */
export const calls = () =>
	simulator.requests().map(({ method, path, body }) => ({ method, path, body }) as const);

export const create = async (parameters = {}) =>
	await host.json('webhook.create', { url, events, active: true, ...parameters });

/** Makes a webhook with the secret `known`, and gives its id. */
export async function existing(itsUrl = url): Promise<string> {
	const [webhook] = await create({ url: itsUrl, secretSource: 'entered', secret: 'known' });
	return String(webhook?.id);
}
