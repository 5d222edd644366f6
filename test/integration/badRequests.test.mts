import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { sign } from '../../nodes/shared/signature.ts';
import { BAD_REQUESTS, event } from '../support/badRequests.mts';
import { sendRaw } from '../support/sendRaw.mts';
import { TriggerHost } from './harness/triggerHost.mts';

const SECRET = '5f'.repeat(32);
let host: TriggerHost;

beforeAll(async () => {
	host = await new TriggerHost({
		parameters: { events: ['session.completed'] },
		credential: { signingSecret: SECRET },
	}).start();
});
afterAll(async () => await host.stop());

describe('an invalid request is rejected and starts no execution', () => {
	const requests = BAD_REQUESTS.filter(({ n8nStatus }) => n8nStatus === undefined);

	it.each(requests.map((bad) => [bad.name, bad] as const))('%s', async (_, { build, response }) => {
		expect(await sendRaw(host.url, build(SECRET))).toEqual(response);
		expect(host.executions).toEqual([]);
	});

	it('a valid request is still accepted afterwards', async () => {
		const body = Buffer.from(JSON.stringify(event));
		const headers = ['X-MindPeeker-Signature', sign(body, SECRET)];
		expect(await sendRaw(host.url, { headers, body })).toEqual({ status: 200, text: 'OK' });
		expect(host.executions).toHaveLength(1);
	});
});
