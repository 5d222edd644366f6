import { describe, expect, it } from '@jest/globals';

import {
	getKnownWebhook,
	type Registration,
} from '../../../nodes/MindPeekerTrigger/registration/state.ts';
import {
	planChanges,
	planWithoutSecret,
	type DesiredWebhook,
} from '../../../nodes/shared/registration/plan.ts';
import { digestSecret } from '../../../nodes/shared/registration/secret.ts';
import type { Webhook } from '../../../nodes/shared/api/webhooks.ts';

const url = 'https://n8n.example.com/webhook/1/mindpeeker';
const desired: DesiredWebhook = { url, events: ['session.completed', 'session.failed'] };
const registration = { webhookId: 'wh_1', generatedSecret: 'generated' };
const webhook = (change: Partial<Webhook> = {}): Webhook => ({
	id: 'wh_1',
	url,
	events: ['session.failed', 'session.completed'],
	active: true,
	...change,
});
const plan = (wanted: DesiredWebhook, webhooks: Webhook[], stored?: Registration) =>
	planChanges(wanted, webhooks, getKnownWebhook(stored, wanted));
const unrelated = webhook({ id: 'wh_9', url: 'https://other.example.com/hook' });

describe('planChanges', () => {
	it('changes nothing if the webhook matches, in whatever order its events are', () => {
		expect(plan(desired, [unrelated, webhook()], registration)).toEqual([]);
	});

	it('replaces a webhook without an ID if no webhook is known', () => {
		const withoutId = webhook({ id: undefined as never });
		expect(planChanges(desired, [withoutId])).toMatchObject([
			{ action: 'create' },
			{ action: 'remove' },
		]);
	});

	it('changes nothing if an event is listed twice', () => {
		const events = ['session.failed', 'session.completed', 'session.failed'];
		expect(plan({ ...desired, events }, [webhook()], registration)).toEqual([]);
		const reversed = [...events].reverse();
		expect(plan({ ...desired, events: reversed }, [webhook()], registration)).toEqual([]);
	});

	it('creates a missing webhook', () => {
		expect(plan(desired, [unrelated])).toEqual([{ action: 'create' }]);
	});

	it('creates a webhook if the known one was deleted in MindPeeker', () => {
		expect(plan(desired, [unrelated], registration)).toEqual([{ action: 'create' }]);
	});

	it('updates the events', () => {
		expect(plan(desired, [webhook({ events: ['session.completed'] })], registration)).toEqual([
			{ action: 'update', id: 'wh_1', fields: { events: desired.events } },
		]);
	});

	it('only activates a paused webhook', () => {
		expect(plan(desired, [webhook({ active: false })], registration)).toEqual([
			{ action: 'update', id: 'wh_1', fields: { active: true } },
		]);
	});

	it('updates both with one request', () => {
		expect(plan(desired, [webhook({ active: false, events: [] })], registration)).toEqual([
			{ action: 'update', id: 'wh_1', fields: { events: desired.events, active: true } },
		]);
	});

	it('replaces the webhook if its URL has changed', () => {
		expect(plan(desired, [webhook({ url: 'https://old.example.com/' })], registration)).toEqual([
			{ action: 'create' },
			{ action: 'remove', id: 'wh_1' },
		]);
	});

	it('replaces a webhook with the same URL and an unknown secret', () => {
		expect(plan(desired, [webhook({ id: 'wh_2' })])).toEqual([
			{ action: 'create' },
			{ action: 'remove', id: 'wh_2' },
		]);
	});

	it('keeps the known webhook and removes others with the same URL', () => {
		const webhooks = [webhook({ id: 'wh_2' }), webhook(), webhook({ id: 'wh_3' }), unrelated];
		expect(plan(desired, webhooks, registration)).toEqual([
			{ action: 'remove', id: 'wh_2' },
			{ action: 'remove', id: 'wh_3' },
		]);
	});

	it('removes the webhook of another URL of the same node', () => {
		const otherUrl = 'https://n8n.example.com/webhook/1/mindpeeker-finished';
		const wanted = { ...desired, otherUrls: [otherUrl] };
		const webhooks = [webhook(), webhook({ id: 'wh_2', url: otherUrl }), unrelated];
		expect(plan(wanted, webhooks, registration)).toEqual([{ action: 'remove', id: 'wh_2' }]);
	});

	it('removes several webhooks with unknown secrets, each once', () => {
		expect(plan(desired, [webhook({ id: 'wh_2' }), webhook({ id: 'wh_3' })], registration)).toEqual(
			[{ action: 'create' }, { action: 'remove', id: 'wh_2' }, { action: 'remove', id: 'wh_3' }],
		);
	});

	it('removes the known webhook last', () => {
		const known = webhook({ url: 'https://old.example.com/' });
		expect(plan(desired, [known, webhook({ id: 'wh_2' })], registration)).toEqual([
			{ action: 'create' },
			{ action: 'remove', id: 'wh_2' },
			{ action: 'remove', id: 'wh_1' },
		]);
	});

	it('recognizes a different spelling of the same URL', () => {
		const written = webhook({ url: url.replace('n8n.example.com', 'N8N.example.com:443') });
		expect(plan(desired, [written], registration)).toEqual([]);
	});
});

describe('a secret in the credential', () => {
	const withSecret = { ...desired, secret: 'from the credential' };
	const replace = [{ action: 'create' }, { action: 'remove', id: 'wh_1' }];

	it('keeps the webhook that was created with it', () => {
		const stored = { webhookId: 'wh_1', secretDigest: digestSecret('from the credential') };
		expect(plan(withSecret, [webhook()], stored)).toEqual([]);
	});

	it('replaces a webhook that was created with another one', () => {
		const stored = { webhookId: 'wh_1', secretDigest: digestSecret('the previous one') };
		expect(plan(withSecret, [webhook()], stored)).toEqual(replace);
	});

	it('replaces a webhook whose secret was generated', () => {
		expect(plan(withSecret, [webhook()], registration)).toEqual(replace);
	});

	it('is replaced by a generated one after it was removed', () => {
		const stored = { webhookId: 'wh_1', secretDigest: digestSecret('from the credential') };
		expect(plan(desired, [webhook()], stored)).toEqual(replace);
	});
});

describe('planWithoutSecret', () => {
	const paused = webhook({ active: false });

	it('returns undefined if there is no webhook', () => {
		expect(planWithoutSecret(desired, [unrelated])).toBeUndefined();
	});

	it('changes nothing if the existing webhook matches', () => {
		expect(planWithoutSecret(desired, [unrelated, webhook()])).toEqual([]);
	});

	it('activates the webhook and updates its events', () => {
		const outdated = webhook({ active: false, events: ['session.failed'] });
		expect(planWithoutSecret(desired, [outdated])).toEqual([
			{ action: 'update', id: 'wh_1', fields: { events: desired.events, active: true } },
		]);
	});

	it('keeps the active webhook and removes the others', () => {
		expect(planWithoutSecret(desired, [paused, webhook({ id: 'wh_2' })])).toEqual([
			{ action: 'remove', id: 'wh_1' },
		]);
	});
});
