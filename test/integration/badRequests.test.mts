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

describe('a request that must not get in is refused, and starts nothing', () => {
	// Those of which n8n takes nothing off before the trigger sees them.
	const reaching = BAD_REQUESTS.filter(({ n8nAnswers }) => n8nAnswers === undefined);

	it.each(reaching.map((bad) => [bad.name, bad] as const))('%s', async (_, { build, answer }) => {
		expect(await sendRaw(host.url, build(SECRET))).toEqual(answer);
		expect(host.executions).toEqual([]);
	});

	it('and a genuine one afterwards gets in', async () => {
		const body = Buffer.from(JSON.stringify(event));
		const headers = ['X-MindPeeker-Signature', sign(body, SECRET)];
		expect(await sendRaw(host.url, { headers, body })).toEqual({ status: 200, text: 'OK' });
		expect(host.executions).toHaveLength(1);
	});
});
