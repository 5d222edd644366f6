import type { IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, expect } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { callApi } from '../../support/api.mts';
import { TriggerHost } from './triggerHost.mts';

export const events = ['session.completed', 'session.failed'];
export let simulator: Simulator;
/** A trigger for these events, which is not published yet. */
export let host: TriggerHost;

/** Gives each test of a file both anew. */
export function forEachTest(): void {
	beforeEach(async () => {
		simulator = await startSimulator();
		host = await new TriggerHost({ parameters: { events }, credential: credential() }).start();
	});
	afterEach(async () => {
		await host.stop();
		await simulator.close();
	});
}

/** Gives the test a service that has each url only once. */
export async function takeEachUrlOnce(): Promise<void> {
	await simulator.close();
	simulator = await startSimulator({ uniqueUrls: true });
	host.setup.credential = credential();
}

export function credential(change: IDataObject = {}): IDataObject {
	return { apiKey: simulator.apiKey, environment: 'custom', baseUrl: simulator.baseUrl, ...change };
}

/** What the service was asked, such as `GET /v1/webhooks`. */
export const calls = () =>
	simulator.requests().map(({ method, path }) => `${method} ${path.split('?')[0]}`);

/** The one webhook that there is. */
export function only() {
	const webhooks = simulator.webhooks();
	expect(webhooks).toHaveLength(1);
	return webhooks[0]!;
}

/** Somebody else's webhook. */
export const others = {
	url: 'https://other.example.com/hook',
	events: ['session.completed'],
	secret: 's',
};

/** Makes a webhook at the service as somebody else would, and gives its id. */
export async function register(webhook: IDataObject = others): Promise<string> {
	const { status, body } = await callApi(simulator, 'POST', '/webhooks', webhook);
	expect(status).toBe(201);
	return body.id;
}
