import type { IWebhookFunctions } from 'n8n-workflow';
import { describe, expect, it } from '@jest/globals';

import { detailsOf } from '../../../nodes/MindPeekerTrigger/reception/details.ts';
import { parseEvent, type MindPeekerEvent } from '../../../nodes/shared/event.ts';
import { sign } from '../../../nodes/shared/signature.ts';

const body = Buffer.from('{"id":"evt_1","type":"session.completed"}');
const { event } = parseEvent(body) as { event: MindPeekerEvent };
const webhookName = 'default';

interface Surroundings {
	headers?: Record<string, string>;
	staticData?: object;
	credential?: object;
	isUnreadable?: boolean;
	/** Laid over the event. */
	fields?: object;
}

/** What is told of a genuine delivery, signed with a secret. */
async function details(secret: string, surroundings: Surroundings = {}): Promise<string[]> {
	const { headers = {}, staticData = {}, credential = {}, isUnreadable, fields } = surroundings;
	const context = {
		getRequestObject: () => ({ headers }),
		getWorkflowStaticData: () => staticData,
		getCredentials: async () => {
			if (isUnreadable) throw new Error('no such credential');
			return credential;
		},
	} as unknown as IWebhookFunctions;
	const delivery = { webhookName, address: '192.0.2.1', body, signature: sign(body, secret) };
	return await detailsOf(context, delivery, {
		outcome: 'accepted',
		event: { ...event, ...fields } as MindPeekerEvent,
	});
}

describe('the debug option tells', () => {
	it('what there is no header of', async () => {
		const told = await details('secret');
		expect(told).toContain('content type none');
		expect(told).toContain('user agent none');
	});

	it('what kind of request came from where', async () => {
		const headers = { 'content-type': 'application/json', 'user-agent': 'MindPeeker' };
		const told = await details('secret', { headers });
		expect(told).toEqual(
			expect.arrayContaining([
				'from 192.0.2.1',
				`${body.length} bytes`,
				'content type application/json',
				'user agent MindPeeker',
			]),
		);
	});

	it('nothing of an event where there is none', async () => {
		const context = { getRequestObject: () => ({ headers: {} }) } as unknown as IWebhookFunctions;
		const delivery = { webhookName, address: undefined, body: undefined, signature: undefined };
		const verdict = { outcome: 'unauthorised', reason: 'no-body' } as const;
		expect(await detailsOf(context, delivery, verdict)).toEqual([
			'from an unknown address',
			'no raw body',
			'content type none',
			'user agent none',
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
	])('when, and in which mode, the event was made: %j', async (fields, created, mode) => {
		const told = await details('secret', { fields });
		expect(told).toContain(created);
		expect(told).toContain(mode);
	});

	it('that the credential cannot be read', async () => {
		expect(await details('secret', { credential: undefined, isUnreadable: true })).toContain(
			'signed with a secret that cannot be named, for the credential cannot be read',
		);
	});

	it.each<[string, string, Surroundings]>([
		[
			'the secret that the trigger made',
			'made',
			{ staticData: { registration: { webhookId: 'wh_1', generatedSecret: 'made' } } },
		],
		[
			'a former secret that the trigger made',
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
		['no secret in force any more', 'changed meanwhile', {}],
	])('that it is signed with %s', async (name, secret, surroundings) => {
		expect(await details(secret, surroundings)).toContain(`signed with ${name}`);
	});
});
