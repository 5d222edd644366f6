import type { RequestHandler } from 'express';
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { startSimulator } from '../../simulator/index.mts';
import { HostileService, trickle, trickleHeaders } from '../support/hostileService.mts';
import { NodeHost } from './harness/nodeHost.mts';
import { TriggerHost } from './harness/triggerHost.mts';

const LONG = { timeout: 40_000 };
const UNENDING: [string, RequestHandler][] = [
	['headers never come', () => {}],
	['headers never come to an end', trickleHeaders],
	['body never comes to an end', trickle],
];

/** Has something done with a service that answers this way, and a credential that leads there. */
async function withService(
	answer: RequestHandler,
	act: (credential: IDataObject) => Promise<void>,
) {
	const service = new HostileService();
	await service.start();
	service.answer = answer;
	try {
		await act({ apiKey: 'a key', environment: 'custom', baseUrl: service.origin });
	} finally {
		await service.stop();
	}
}

describe.concurrent('a publication', () => {
	it.each(UNENDING)('gives up a service whose %s', LONG, async (_, answer) => {
		await withService(answer, async (credential) => {
			const parameters = { events: ['session.completed'] };
			const host = await new TriggerHost({ parameters, credential }).start();
			try {
				await expect(host.publish()).rejects.toThrow(
					/could not be reached.*no answer came in time/,
				);
			} finally {
				await host.stop();
			}
		});
	});
});

describe.concurrent('an operation', () => {
	it.each(UNENDING)('gives up a service whose %s', LONG, async (_, answer) => {
		await withService(answer, async (credential) => {
			const simulator = await startSimulator();
			try {
				const host = new NodeHost(simulator);
				host.credential = credential;
				const creation = host.run('session.create', { sessionType: 'dowsing', target: 'A well' });
				await expect(creation).rejects.toThrow(/could not be reached.*no answer came in time/);
			} finally {
				await simulator.close();
			}
		});
	});
});
