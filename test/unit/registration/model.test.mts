import type { IHookFunctions } from 'n8n-workflow';
import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';

import { apply, type Registrar } from '../../../nodes/shared/registration/apply.ts';
import { plan, type Desired } from '../../../nodes/shared/registration/plan.ts';
import {
	ownOf,
	registrationOf as stored,
	replaceRegistration,
	type RegistrationState,
} from '../../../nodes/MindPeekerTrigger/registration/state.ts';
import { MindPeekerError } from '../../../nodes/shared/mindPeekerError.ts';
import type { Webhook } from '../../../nodes/shared/webhooks.ts';

const URL_HERE = 'https://n8n.example.com/webhook/1/mindpeeker';
const URLS = [URL_HERE, 'https://old.example.com/webhook/1/mindpeeker'];
const ELSEWHERE = 'https://other.example.com/';
const TYPES = ['session.completed', 'session.failed', 'analysis.completed'];
const OWN_ID = 'wh_own';
const SECRETS = ['one', 'another'];
// The real digest is slow on purpose, and has tests of its own.
const digest = (secret: string) => `digest of ${secret}`;
const isDigest = (text: string, secret: string) => text === digest(secret);

type Stored = Webhook & { secret: string };
/** A call that fails: before it has had its effect, or after. */
interface Failure {
	call: number;
	when: 'before' | 'after';
}

/** MindPeeker's side of the registration, in memory. */
class Service {
	private calls = 0;
	private created = 0;
	failure?: Failure;

	constructor(
		public webhooks: Stored[],
		private readonly ifTaken: 'adds' | 'refuses' | 'gives what is there' | 'is full',
		/** With these, the account is at its limit. */
		private readonly countedIds: readonly string[] = [],
	) {}

	readonly api: Registrar = {
		list: async () =>
			await this.call(() => this.webhooks.map(({ secret: _, ...webhook }) => webhook)),
		create: async (webhook) =>
			await this.call(() => {
				const there = this.webhooks.find(({ url }) => url === webhook.url);
				if (there && this.ifTaken === 'refuses') throw refusal(409);
				const isFull = this.webhooks.some(({ id }) => this.countedIds.includes(id));
				if (isFull && this.ifTaken === 'is full') throw refusal(422);
				if (there && this.ifTaken === 'gives what is there') return there;
				const made = { ...webhook, id: `wh_new_${++this.created}`, active: true };
				this.webhooks.push(made);
				return made;
			}),
		update: async (id, changes) =>
			await this.call(() => {
				this.webhooks = this.webhooks.map((one) => (one.id === id ? { ...one, ...changes } : one));
			}),
		remove: async (id) =>
			await this.call(() => {
				this.webhooks = this.webhooks.filter((one) => one.id !== id);
			}),
		removeAll: async (ids) => {
			for (const id of ids) await this.api.remove(id);
		},
	};

	private async call<T>(act: () => T): Promise<T> {
		const when = ++this.calls === this.failure?.call ? this.failure.when : undefined;
		if (when === 'before') throw new Error('Cut off before');
		const result = act();
		if (when === 'after') throw new Error('Cut off after');
		return result;
	}
}

function refusal(status: number): MindPeekerError {
	const node = {
		id: '1',
		name: 'Trigger',
		type: 't',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const context = { getNode: () => node } as unknown as IHookFunctions;
	return new MindPeekerError(context, { kind: 'refused', status, serviceText: 'Limit reached' });
}

const events = fc.subarray(TYPES, { minLength: 1 });
const secret = fc.constantFrom(...SECRETS);
const desired: fc.Arbitrary<Desired> = fc.record({
	url: fc.constant(URL_HERE),
	events,
	secret: fc.option(secret, { nil: undefined }),
});
const webhook = (id: string, url: fc.Arbitrary<string>): fc.Arbitrary<Stored> =>
	fc.record({ id: fc.constant(id), url, events: fc.subarray(TYPES), active: fc.boolean(), secret });
const strangers = fc
	.array(fc.constantFrom(...URLS, ELSEWHERE), { maxLength: 4 })
	.chain((urls) => fc.tuple(...urls.map((url, n) => webhook(`wh_${n}`, fc.constant(url)))));
/** Our own webhook, gone or there, and what n8n has stored of it. */
const own = fc.option(
	fc.record({
		webhook: webhook(OWN_ID, fc.constantFrom(...URLS)),
		isThere: fc.boolean(),
		isGenerated: fc.boolean(),
	}),
);
const failure: fc.Arbitrary<Failure | undefined> = fc.option(
	fc.record({
		call: fc.integer({ min: 1, max: 12 }),
		when: fc.constantFrom('before' as const, 'after' as const),
	}),
	{ nil: undefined },
);

/** As n8n publishes: what is stored changes only where all has succeeded. */
async function publish(
	wanted: Desired,
	service: Service,
	before: RegistrationState,
): Promise<RegistrationState> {
	const state = structuredClone(before);
	const listed = await service.api.list();
	const steps = plan(wanted, listed, ownOf(state.registration, wanted, isDigest));
	const ownId = state.registration?.webhookId;
	const made = await apply(steps, wanted, { api: service.api, listed, ownId, warn: () => {} });
	if (made) replaceRegistration(state, stored(made, wanted, digest), 0);
	return state;
}

describe('whatever is registered and stored, and whichever call fails on the way', () => {
	it('publishing, and again where it failed, ends in exactly one fitting webhook', async () => {
		await fc.assert(
			fc.asyncProperty(
				desired,
				strangers,
				own,
				failure,
				fc.constantFrom(
					'adds' as const,
					'refuses' as const,
					'gives what is there' as const,
					'is full' as const,
				),
				async (wanted, others, mine, failing, ifTaken) => {
					const there = mine?.isThere ? [...others, mine.webhook] : others;
					const ours = there.filter(({ id, url }) => url === URL_HERE || id === OWN_ID);
					const service = new Service(
						there,
						ifTaken,
						ours.map(({ id }) => id),
					);
					let state: RegistrationState = mine ? { registration: registrationOf(mine) } : {};
					service.failure = failing;
					state = await publish(wanted, service, state).catch(async (error: Error) => {
						if (!failing || !error.message.startsWith('Cut off')) throw error;
						service.failure = undefined;
						return await publish(wanted, service, state);
					});
					service.failure = undefined;

					const here = service.webhooks.filter(({ url }) => url === URL_HERE);
					expect(here).toMatchObject([{ id: state.registration?.webhookId, active: true }]);
					expect([...here[0]!.events].sort()).toEqual([...wanted.events].sort());
					expect(isKnown(here[0]!.secret, wanted, state)).toBe(true);
					const untouched = others.filter(({ url }) => url !== URL_HERE);
					expect(service.webhooks.filter(({ url }) => url !== URL_HERE)).toEqual(untouched);
					expect(
						plan(wanted, await service.api.list(), ownOf(state.registration, wanted, isDigest)),
					).toEqual([]);
				},
			),
			{ numRuns: 500 },
		);
	});
});

function registrationOf({
	webhook: { secret },
	isGenerated,
}: {
	webhook: Stored;
	isGenerated: boolean;
}) {
	const known = isGenerated ? { generatedSecret: secret } : { secretDigest: digest(secret) };
	return { webhookId: OWN_ID, ...known };
}

/** The secret at MindPeeker is one that deliveries will be verified by. */
function isKnown(secret: string, { secret: given }: Desired, { registration }: RegistrationState) {
	if (given === undefined) return registration?.generatedSecret === secret;
	return given === secret && isDigest(registration?.secretDigest ?? '', secret);
}
