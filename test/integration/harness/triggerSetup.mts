import type { IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, expect } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { sendApiRequest } from '../../support/api.mts';
import { TriggerHost } from './triggerHost.mts';

export const events = ['session.completed', 'session.failed'];
export let simulator: Simulator;
/** A trigger for these events, not published. */
export let host: TriggerHost;

/** Creates a new simulator and host for each test of the file. */
export function setUpEachTest(): void {
	beforeEach(async () => {
		simulator = await startSimulator();
		host = await new TriggerHost({
			parameters: { events },
			credential: createCredential(),
		}).start();
	});
	afterEach(async () => {
		await host.stop();
		await simulator.close();
	});
}

/** Restarts the simulator, which then accepts one webhook per URL. */
export async function useUniqueUrls(): Promise<void> {
	await simulator.close();
	simulator = await startSimulator({ uniqueUrls: true });
	host.setup.credential = createCredential();
}

export function createCredential(fields: IDataObject = {}): IDataObject {
	return { apiKey: simulator.apiKey, environment: 'custom', baseUrl: simulator.baseUrl, ...fields };
}

/** The requests that the simulator received, such as `GET /v1/webhooks`. */
export const getRequests = () =>
	simulator.requests().map(({ method, path }) => `${method} ${path.split('?')[0]}`);

export function getOnlyWebhook() {
	const webhooks = simulator.webhooks();
	expect(webhooks).toHaveLength(1);
	return webhooks[0]!;
}

/** A webhook of another application. */
export const otherWebhook = {
	url: 'https://other.example.com/hook',
	events: ['session.completed'],
	secret: 's',
};

/** Creates a webhook through the API and returns its ID. */
export async function addWebhook(webhook: IDataObject = otherWebhook): Promise<string> {
	const { status, body } = await sendApiRequest(simulator, 'POST', '/webhooks', webhook);
	expect(status).toBe(201);
	return body.id;
}
