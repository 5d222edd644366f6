import type { RequestHandler } from 'express';
import { describe, expect, it } from 'vitest';

import { HostileService, trickle } from '../support/hostileService.mts';
import { TriggerHost } from './harness/triggerHost.mts';

const LONG = { timeout: 40_000 };

describe('a publication', () => {
	it.concurrent.each<[string, RequestHandler]>([
		['headers', () => {}],
		['body', trickle],
	])('gives up a service whose %s never come to an end', LONG, async (_, answer) => {
		const service = new HostileService();
		await service.start();
		service.answer = answer;
		const credential = { apiKey: 'a key', environment: 'custom', baseUrl: service.origin };
		const parameters = { events: ['session.completed'] };
		const host = await new TriggerHost({ parameters, credential }).start();
		try {
			await expect(host.publish()).rejects.toThrow(/could not be reached.*no answer came in time/);
		} finally {
			await host.stop();
			await service.stop();
		}
	});
});
