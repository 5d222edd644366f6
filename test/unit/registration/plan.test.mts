import { describe, expect, it } from '@jest/globals';

import { ownOf, type Registration } from '../../../nodes/MindPeekerTrigger/registration/state.ts';
import {
	plan as planFor,
	planRepair,
	type Desired,
} from '../../../nodes/shared/registration/plan.ts';
import { digestOf } from '../../../nodes/shared/registration/secret.ts';
import type { Webhook } from '../../../nodes/shared/webhooks.ts';

const url = 'https://n8n.example.com/webhook/1/mindpeeker';
const desired: Desired = { url, events: ['session.completed', 'session.failed'] };
const registration = { webhookId: 'wh_1', generatedSecret: 'generated' };
const webhook = (change: Partial<Webhook> = {}): Webhook => ({
	id: 'wh_1',
	url,
	events: ['session.failed', 'session.completed'],
	active: true,
	...change,
});
const plan = (wanted: Desired, webhooks: Webhook[], stored?: Registration) =>
	planFor(wanted, webhooks, ownOf(stored, wanted));
const elsewhere = webhook({ id: 'wh_9', url: 'https://other.example.com/hook' });

describe('the plan', () => {
	it('is to do nothing where our webhook fits, whatever the order of its events', () => {
		expect(plan(desired, [elsewhere, webhook()], registration)).toEqual([]);
	});

	it('is to replace one that has our id by chance, where nothing is known of ours', () => {
		const nameless = webhook({ id: undefined as never });
		expect(planFor(desired, [nameless])).toMatchObject([{ do: 'create' }, { do: 'remove' }]);
	});

	it('is to do nothing where an event is named twice, in whatever order', () => {
		const events = ['session.failed', 'session.completed', 'session.failed'];
		expect(plan({ ...desired, events }, [webhook()], registration)).toEqual([]);
		const turned = [...events].reverse();
		expect(plan({ ...desired, events: turned }, [webhook()], registration)).toEqual([]);
	});

	it('is to create where there is none', () => {
		expect(plan(desired, [elsewhere])).toEqual([{ do: 'create' }]);
	});

	it('is to create where ours was deleted at the service', () => {
		expect(plan(desired, [elsewhere], registration)).toEqual([{ do: 'create' }]);
	});

	it('is to patch other events', () => {
		expect(plan(desired, [webhook({ events: ['session.completed'] })], registration)).toEqual([
			{ do: 'update', id: 'wh_1', changes: { events: desired.events } },
		]);
	});

	it('is to switch a paused webhook on, and no more', () => {
		expect(plan(desired, [webhook({ active: false })], registration)).toEqual([
			{ do: 'update', id: 'wh_1', changes: { active: true } },
		]);
	});

	it('is to patch both at once', () => {
		expect(plan(desired, [webhook({ active: false, events: [] })], registration)).toEqual([
			{ do: 'update', id: 'wh_1', changes: { events: desired.events, active: true } },
		]);
	});

	it('is to move where our webhook has another url', () => {
		expect(plan(desired, [webhook({ url: 'https://old.example.com/' })], registration)).toEqual([
			{ do: 'create' },
			{ do: 'remove', id: 'wh_1' },
		]);
	});

	it('is to replace a webhook at our url whose secret nobody knows', () => {
		expect(plan(desired, [webhook({ id: 'wh_2' })])).toEqual([
			{ do: 'create' },
			{ do: 'remove', id: 'wh_2' },
		]);
	});

	it('is to keep ours and to remove the others at the same url', () => {
		const webhooks = [webhook({ id: 'wh_2' }), webhook(), webhook({ id: 'wh_3' }), elsewhere];
		expect(plan(desired, webhooks, registration)).toEqual([
			{ do: 'remove', id: 'wh_2' },
			{ do: 'remove', id: 'wh_3' },
		]);
	});

	it('is to remove several of unknown secret, each once', () => {
		expect(plan(desired, [webhook({ id: 'wh_2' }), webhook({ id: 'wh_3' })], registration)).toEqual(
			[{ do: 'create' }, { do: 'remove', id: 'wh_2' }, { do: 'remove', id: 'wh_3' }],
		);
	});

	it('removes our own last', () => {
		const moved = webhook({ url: 'https://old.example.com/' });
		expect(plan(desired, [moved, webhook({ id: 'wh_2' })], registration)).toEqual([
			{ do: 'create' },
			{ do: 'remove', id: 'wh_2' },
			{ do: 'remove', id: 'wh_1' },
		]);
	});

	it('sees through another way to write the same url', () => {
		const written = webhook({ url: url.replace('n8n.example.com', 'N8N.example.com:443') });
		expect(plan(desired, [written], registration)).toEqual([]);
	});
});

describe('a secret in the credential', () => {
	const own = { ...desired, secret: 'from the credential' };
	const replace = [{ do: 'create' }, { do: 'remove', id: 'wh_1' }];

	it('keeps the webhook that was made with it', () => {
		const made = { webhookId: 'wh_1', secretDigest: digestOf('from the credential') };
		expect(plan(own, [webhook()], made)).toEqual([]);
	});

	it('replaces a webhook that was made with another', () => {
		const made = { webhookId: 'wh_1', secretDigest: digestOf('the former one') };
		expect(plan(own, [webhook()], made)).toEqual(replace);
	});

	it('replaces a webhook whose secret was generated', () => {
		expect(plan(own, [webhook()], registration)).toEqual(replace);
	});

	it('that was taken out leads to a generated one', () => {
		const made = { webhookId: 'wh_1', secretDigest: digestOf('from the credential') };
		expect(plan(desired, [webhook()], made)).toEqual(replace);
	});
});

describe('the plan where no secret is known', () => {
	const paused = webhook({ active: false });

	it('is none where there is no webhook: one must not be created', () => {
		expect(planRepair(desired, [elsewhere])).toBeUndefined();
	});

	it('is to do nothing where the one that is there fits', () => {
		expect(planRepair(desired, [elsewhere, webhook()])).toEqual([]);
	});

	it('is to switch it on and to correct its events', () => {
		const drifted = webhook({ active: false, events: ['session.failed'] });
		expect(planRepair(desired, [drifted])).toEqual([
			{ do: 'update', id: 'wh_1', changes: { events: desired.events, active: true } },
		]);
	});

	it('is to keep the one that delivers, and to remove the others', () => {
		expect(planRepair(desired, [paused, webhook({ id: 'wh_2' })])).toEqual([
			{ do: 'remove', id: 'wh_1' },
		]);
	});
});
