import { afterEach, beforeEach } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { NodeHost } from './nodeHost.mts';

export const url = 'http://127.0.0.1:9/hooks/1';
export const events = ['session.completed', 'session.failed'];
export let simulator: Simulator;
/** The MindPeeker node, with an API key of the simulator. */
export let host: NodeHost;

/** Creates a new simulator and host for each test of the file. */
export function setUpEachTest(): void {
	beforeEach(async () => {
		simulator = await startSimulator();
		host = new NodeHost(simulator);
	});
	afterEach(async () => await simulator.close());
}

/** Restarts the simulator, which then accepts one webhook per URL. */
export async function useUniqueUrls(): Promise<void> {
	await simulator.close();
	simulator = await startSimulator({ uniqueUrls: true });
	host = new NodeHost(simulator);
}

/** The requests that the simulator received. */
export const getRequests = () =>
	simulator.requests().map(({ method, path, body }) => ({ method, path, body }) as const);

export const createWebhook = async (parameters = {}) =>
	await host.json('webhook.create', { url, events, active: true, ...parameters });

/** Creates a webhook with the secret `known` and returns its ID. */
export async function addWebhook(webhookUrl = url): Promise<string> {
	const [webhook] = await createWebhook({
		url: webhookUrl,
		secretSource: 'entered',
		secret: 'known',
	});
	return String(webhook?.id);
}
