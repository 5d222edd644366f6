import type { IHookFunctions } from 'n8n-workflow';
import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';

import { applyPlan, type WebhookClient } from '../../../nodes/shared/registration/apply.ts';
import { planChanges, type DesiredWebhook } from '../../../nodes/shared/registration/plan.ts';
import {
	getKnownWebhook,
	toRegistration,
	replaceRegistration,
	type RegistrationState,
} from '../../../nodes/MindPeekerTrigger/registration/state.ts';
import { MindPeekerApiError } from '../../../nodes/shared/api/error.ts';
import type { Webhook } from '../../../nodes/shared/api/webhooks.ts';

const NODE_URL = 'https://n8n.example.com/webhook/1/mindpeeker';
const URLS = [NODE_URL, 'https://old.example.com/webhook/1/mindpeeker'];
const UNRELATED_URL = 'https://other.example.com/';
const EVENT_TYPES = ['session.completed', 'session.failed', 'analysis.completed'];
const KNOWN_ID = 'wh_known';
const SECRETS = ['one', 'another'];
// The real digest is slow on purpose. It is tested separately.
const digest = (secret: string) => `digest of ${secret}`;
const matchesDigest = (text: string, secret: string) => text === digest(secret);

type StoredWebhook = Webhook & { secret: string };
type ExistingUrl = 'allowed' | 'rejected' | 'returned' | 'counted';
/** The request that fails, before or after its effect. */
interface Failure {
	request: number;
	when: 'before' | 'after';
}

/** MindPeeker's API in memory. */
class FakeApi {
	private requests = 0;
	private created = 0;
	failure?: Failure;

	constructor(
		public webhooks: StoredWebhook[],
		/** The response to the creation of a second webhook for a URL. */
		private readonly existingUrl: ExistingUrl,
		/** Webhooks that fill the account's limit. */
		private readonly countedIds: readonly string[] = [],
	) {}

	readonly client: WebhookClient = {
		list: async () =>
			await this.handle(() => this.webhooks.map(({ secret: _, ...webhook }) => webhook)),
		create: async (webhook) =>
			await this.handle(() => {
				const existing = this.webhooks.find(({ url }) => url === webhook.url);
				if (existing && this.existingUrl === 'rejected') throw createApiError(409);
				const isFull = this.webhooks.some(({ id }) => this.countedIds.includes(id));
				if (isFull && this.existingUrl === 'counted') throw createApiError(422);
				if (existing && this.existingUrl === 'returned') return existing;
				const created = { ...webhook, id: `wh_new_${++this.created}`, active: true };
				this.webhooks.push(created);
				return created;
			}),
		update: async (id, changes) =>
			await this.handle(() => {
				this.webhooks = this.webhooks.map((one) => (one.id === id ? { ...one, ...changes } : one));
			}),
		remove: async (id) =>
			await this.handle(() => {
				this.webhooks = this.webhooks.filter((one) => one.id !== id);
			}),
		removeAll: async (ids) => {
			for (const id of ids) await this.client.remove(id);
		},
	};

	private async handle<T>(run: () => T): Promise<T> {
		const when = ++this.requests === this.failure?.request ? this.failure.when : undefined;
		if (when === 'before') throw new Error('Connection lost before');
		const result = run();
		if (when === 'after') throw new Error('Connection lost after');
		return result;
	}
}

function createApiError(status: number): MindPeekerApiError {
	const node = {
		id: '1',
		name: 'Trigger',
		type: 't',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const context = { getNode: () => node } as unknown as IHookFunctions;
	return new MindPeekerApiError(context, { kind: 'http', status, serviceText: 'Limit reached' });
}

const events = fc.subarray(EVENT_TYPES, { minLength: 1 });
const secret = fc.constantFrom(...SECRETS);
const desired: fc.Arbitrary<DesiredWebhook> = fc.record({
	url: fc.constant(NODE_URL),
	events,
	secret: fc.option(secret, { nil: undefined }),
});
const webhook = (id: string, url: fc.Arbitrary<string>): fc.Arbitrary<StoredWebhook> =>
	fc.record({
		id: fc.constant(id),
		url,
		events: fc.subarray(EVENT_TYPES),
		active: fc.boolean(),
		secret,
	});
const others = fc
	.array(fc.constantFrom(...URLS, UNRELATED_URL), { maxLength: 4 })
	.chain((urls) => fc.tuple(...urls.map((url, n) => webhook(`wh_${n}`, fc.constant(url)))));
/** The webhook in the static data, and whether it still exists. */
const known = fc.option(
	fc.record({
		webhook: webhook(KNOWN_ID, fc.constantFrom(...URLS)),
		exists: fc.boolean(),
		isGenerated: fc.boolean(),
	}),
);
const failure: fc.Arbitrary<Failure | undefined> = fc.option(
	fc.record({
		request: fc.integer({ min: 1, max: 12 }),
		when: fc.constantFrom('before' as const, 'after' as const),
	}),
	{ nil: undefined },
);

/** Publishes as n8n does: the state changes only on success. */
async function publish(
	wanted: DesiredWebhook,
	api: FakeApi,
	before: RegistrationState,
): Promise<RegistrationState> {
	const state = structuredClone(before);
	const listed = await api.client.list();
	const plan = planChanges(
		wanted,
		listed,
		getKnownWebhook(state.registration, wanted, matchesDigest),
	);
	const knownId = state.registration?.webhookId;
	const dependencies = { api: api.client, listed, knownId, warn: () => {} };
	const created = await applyPlan(plan, wanted, dependencies);
	if (created) replaceRegistration(state, toRegistration(created, wanted, digest), 0);
	return state;
}

describe('for every registered webhook, every state and every failing request', () => {
	it('publishing, and publishing again after a failure, results in exactly one matching webhook', async () => {
		await fc.assert(
			fc.asyncProperty(
				desired,
				others,
				known,
				failure,
				fc.constantFrom<ExistingUrl>('allowed', 'rejected', 'returned', 'counted'),
				async (wanted, otherWebhooks, stored, failing, existingUrl) => {
					const existing = stored?.exists ? [...otherWebhooks, stored.webhook] : otherWebhooks;
					const counted = existing.filter(({ id, url }) => url === NODE_URL || id === KNOWN_ID);
					const countedIds = counted.map(({ id }) => id);
					const api = new FakeApi(existing, existingUrl, countedIds);
					let state: RegistrationState = stored ? { registration: createRegistration(stored) } : {};
					api.failure = failing;
					state = await publish(wanted, api, state).catch(async (error: Error) => {
						if (!failing || !error.message.startsWith('Connection lost')) throw error;
						api.failure = undefined;
						return await publish(wanted, api, state);
					});
					api.failure = undefined;

					const registered = api.webhooks.filter(({ url }) => url === NODE_URL);
					expect(registered).toMatchObject([{ id: state.registration?.webhookId, active: true }]);
					expect([...registered[0]!.events].sort()).toEqual([...wanted.events].sort());
					expect(canVerify(registered[0]!.secret, wanted, state)).toBe(true);
					const untouched = otherWebhooks.filter(({ url }) => url !== NODE_URL);
					expect(api.webhooks.filter(({ url }) => url !== NODE_URL)).toEqual(untouched);
					const knownWebhook = getKnownWebhook(state.registration, wanted, matchesDigest);
					expect(planChanges(wanted, await api.client.list(), knownWebhook)).toEqual([]);
				},
			),
			{ numRuns: 500 },
		);
	});
});

function createRegistration({
	webhook: { secret },
	isGenerated,
}: {
	webhook: StoredWebhook;
	isGenerated: boolean;
}) {
	const stored = isGenerated ? { generatedSecret: secret } : { secretDigest: digest(secret) };
	return { webhookId: KNOWN_ID, ...stored };
}

/** Whether the node can verify deliveries that are signed with this secret. */
function canVerify(
	secret: string,
	{ secret: given }: DesiredWebhook,
	{ registration }: RegistrationState,
) {
	if (given === undefined) return registration?.generatedSecret === secret;
	return given === secret && matchesDigest(registration?.secretDigest ?? '', secret);
}
