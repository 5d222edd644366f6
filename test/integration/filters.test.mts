import type { IDataObject } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { sign } from '../../nodes/shared/signature.ts';
import { TriggerHost } from './harness/triggerHost.mts';
import { useFastScrypt } from './harness/fastScrypt.mts';

useFastScrypt();

const SECRET = 'secret';
let host: TriggerHost;

beforeEach(async () => {
	host = await new TriggerHost({ parameters: {}, credential: { signingSecret: SECRET } }).start();
});
afterEach(async () => await host.stop());

/** Delivers a signed event to a trigger with these options. Returns status, text and number of executions. */
async function deliver(options: IDataObject, change: object = {}, url = host.url) {
	host.setup.parameters = { events: ['session.completed'], options };
	const event = {
		id: randomUUID(),
		type: 'session.completed',
		livemode: true,
		data: {},
		...change,
	};
	const body = JSON.stringify(event);
	const headers = { 'X-MindPeeker-Signature': sign(Buffer.from(body), SECRET) };
	const response = await fetch(url, { method: 'POST', headers, body });
	return [response.status, await response.text(), host.executions.length];
}
const hoursFromNow = (hours: number) => ({
	created_at: new Date(Date.now() + hours * 3_600_000).toISOString(),
});

describe('a filter', () => {
	it.each<[string, IDataObject, object, unknown[]]>([
		['an allowed address', { allowedIps: '127.0.0.0/8' }, {}, [200, 'OK', 1]],
		['an address that is not allowed', { allowedIps: '52.52.52.52' }, {}, [403, 'Forbidden', 0]],
		['an empty list of addresses', { allowedIps: '' }, {}, [403, 'Forbidden', 0]],
		['an event of the selected live mode', { livemode: 'live' }, {}, [200, 'OK', 1]],
		['an event of the other live mode', { livemode: 'test' }, {}, [200, 'OK', 0]],
		['an event that is too old', { maxEventAge: 30 }, hoursFromNow(-1), [200, 'OK', 0]],
		[
			'an event with a future timestamp',
			{ maxEventAge: 30 },
			hoursFromNow(1),
			[400, 'The timestamp of the event is in the future', 0],
		],
		[
			'an event with a low confidence',
			{ minimumConfidence: 0.9 },
			{ data: { confidence: 0.8 } },
			[200, 'OK', 0],
		],
		[
			'an event with a confidence below that of an expression',
			{ minimumConfidence: '={{ 0.5 + 0.4 }}' },
			{ data: { confidence: 0.8 } },
			[200, 'OK', 0],
		],
		['an event without confidence', { minimumConfidence: 0.9 }, {}, [200, 'OK', 1]],
	])(
		'determines the response and the number of executions: %s',
		async (_, options, change, response) => {
			expect(await deliver(options, change)).toEqual(response);
		},
	);

	it('does not exclude a test event of a selected type', async () => {
		const options = { livemode: 'test', minimumConfidence: 1, maxEventAge: 1 };
		const change = { ...hoursFromNow(-1), data: { confidence: 0.1 } };
		expect(await deliver(options, change, host.testUrl)).toEqual([200, 'OK', 1]);
	});

	it('rejects a test event from an address that is not allowed', async () => {
		expect(await deliver({ allowedIps: '52.52.52.52' }, {}, host.testUrl)).toEqual([
			403,
			'Forbidden',
			0,
		]);
	});
});
