import type { RequestHandler } from 'express';
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from '@jest/globals';

import { startSimulator } from '../../simulator/index.mts';
import { FakeServer, sendSlowBody, sendSlowHeaders } from '../support/fakeServer.mts';
import { NodeHost } from './harness/nodeHost.mts';
import { TriggerHost } from './harness/triggerHost.mts';

const SLOW_RESPONSES: [string, RequestHandler][] = [
	['without headers', () => {}],
	['with endless headers', sendSlowHeaders],
	['with an endless body', sendSlowBody],
];

/** Runs an action with a server that uses the handler, and its credential. */
async function withServer(
	handler: RequestHandler,
	action: (credential: IDataObject) => Promise<void>,
) {
	const server = new FakeServer();
	await server.start();
	server.handler = handler;
	try {
		await action({ apiKey: 'a key', environment: 'custom', baseUrl: server.origin });
	} finally {
		await server.stop();
	}
}

describe('a response that never ends', () => {
	it.concurrent.each(SLOW_RESPONSES)('times out a publication: %s', async (_, handler) => {
		await withServer(handler, async (credential) => {
			const parameters = { events: ['session.completed'] };
			const host = await new TriggerHost({ parameters, credential }).start();
			try {
				await expect(host.publish()).rejects.toThrow(/could not be reached.*the request timed out/);
			} finally {
				await host.stop();
			}
		});
	});

	it.concurrent.each(SLOW_RESPONSES)('times out an operation: %s', async (_, handler) => {
		await withServer(handler, async (credential) => {
			const simulator = await startSimulator();
			try {
				const host = new NodeHost(simulator);
				host.credential = credential;
				const creation = host.run('session.create', { sessionType: 'dowsing', target: 'A well' });
				await expect(creation).rejects.toThrow(/could not be reached.*the request timed out/);
			} finally {
				await simulator.close();
			}
		});
	});
});
