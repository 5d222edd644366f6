import type { IWebhookFunctions } from 'n8n-workflow';
import { describe, expect, it } from '@jest/globals';

import { collectDebugInfo } from '../../../nodes/MindPeekerTrigger/webhook/debugInfo.ts';
import { parseEvent, type MindPeekerEvent } from '../../../nodes/shared/events/event.ts';
import { sign } from '../../../nodes/shared/signature.ts';

const body = Buffer.from('{"id":"evt_1","type":"session.completed"}');
const { event } = parseEvent(body) as { event: MindPeekerEvent };
const webhookName = 'default';

interface Setup {
	headers?: Record<string, string>;
	staticData?: object;
	credential?: object;
	isCredentialUnreadable?: boolean;
	/** Changes to the event. */
	fields?: object;
}

/** The debug info of a delivery that is signed with this secret. */
async function collect(secret: string, setup: Setup = {}): Promise<string[]> {
	const { headers = {}, staticData = {}, credential = {}, isCredentialUnreadable, fields } = setup;
	const context = {
		getRequestObject: () => ({ headers }),
		getWorkflow: () => ({ id: 'w1' }),
		getInstanceId: () => 'n8n-1',
		getWorkflowStaticData: () => staticData,
		getCredentials: async () => {
			if (isCredentialUnreadable) throw new Error('no such credential');
			return credential;
		},
	} as unknown as IWebhookFunctions;
	const delivery = { webhookName, address: '192.0.2.1', body, signature: sign(body, secret) };
	return await collectDebugInfo(context, delivery, {
		outcome: 'valid',
		event: { ...event, ...fields } as MindPeekerEvent,
	});
}

describe('the debug info contains', () => {
	it('which headers are missing', async () => {
		const info = await collect('secret');
		expect(info).toContain('content type missing');
		expect(info).toContain('user agent missing');
	});

	it('the address, size, content type and user agent', async () => {
		const headers = { 'content-type': 'application/json', 'user-agent': 'MindPeeker' };
		const info = await collect('secret', { headers });
		expect(info).toEqual(
			expect.arrayContaining([
				'from 192.0.2.1',
				`${body.length} bytes`,
				'content type application/json',
				'user agent MindPeeker',
			]),
		);
	});

	it('nothing about the event if the delivery is not verified', async () => {
		const context = { getRequestObject: () => ({ headers: {} }) } as unknown as IWebhookFunctions;
		const delivery = { webhookName, address: undefined, body: undefined, signature: undefined };
		const result = { outcome: 'invalid signature', reason: 'no-body' } as const;
		expect(await collectDebugInfo(context, delivery, result)).toEqual([
			'from an unknown address',
			'no raw body',
			'content type missing',
			'user agent missing',
		]);
	});

	it.each<[object, string, string]>([
		[{}, 'created at an unknown time', 'live mode unknown'],
		[{ created_at: 1736937000 }, 'created at 2025-01-15T10:30:00.000Z', 'live mode unknown'],
		[{ created_at: 7, livemode: 'yes' }, 'created at an unknown time', 'live mode unknown'],
		[
			{ created_at: '2025-01-15T10:30:00.5+01:00', livemode: false },
			'created at 2025-01-15T10:30:00.5+01:00',
			'live mode false',
		],
		...[
			'today',
			'2025-01-15',
			'at 2025-01-15T10:30:00Z',
			'2025-01-15T10:30:00Z, it says',
			`2025-01-15T${'0'.repeat(21)}`,
		].map((created_at): [object, string, string] => [
			{ created_at },
			'created at an unknown time',
			'live mode unknown',
		]),
	])('the time and live mode of an event with %j', async (fields, created, mode) => {
		const info = await collect('secret', { fields });
		expect(info).toContain(created);
		expect(info).toContain(mode);
	});

	it('that the credential cannot be read', async () => {
		expect(await collect('secret', { isCredentialUnreadable: true })).toContain(
			'signed with an unknown secret, because the credential could not be read',
		);
	});

	it.each<[string, string, Setup]>([
		[
			'the current generated secret',
			'generated',
			{ staticData: { registration: { webhookId: 'wh_1', generatedSecret: 'generated' } } },
		],
		[
			'a previous generated secret',
			'former',
			{ staticData: { formerSecrets: [{ secret: 'former', validUntil: Infinity }] } },
		],
		[
			"the credential's signing secret",
			'current',
			{ credential: { signingSecret: 'current', previousSigningSecret: 'previous' } },
		],
		[
			"the credential's previous signing secret",
			'previous',
			{ credential: { signingSecret: 'current', previousSigningSecret: 'previous' } },
		],
		['a secret that is no longer valid', 'changed', {}],
	])('that the delivery is signed with %s', async (name, secret, setup) => {
		expect(await collect(secret, setup)).toContain(`signed with ${name}`);
	});
});
