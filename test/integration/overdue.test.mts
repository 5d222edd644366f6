import type { RequestHandler } from 'express';
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from '@jest/globals';

import { startSimulator } from '../../simulator/index.mts';
import { HostileService, trickle, trickleHeaders } from '../support/hostileService.mts';
import { NodeHost } from './harness/nodeHost.mts';
import { TriggerHost } from './harness/triggerHost.mts';

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

describe('a service that never answers', () => {
	it.concurrent.each(UNENDING)('is given up by a publication: its %s', async (_, answer) => {
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

	it.concurrent.each(UNENDING)('is given up by an operation: its %s', async (_, answer) => {
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
