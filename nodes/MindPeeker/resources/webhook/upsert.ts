import { apply } from '../../../shared/registration/apply';
import { plan, planRepair, type Desired, type Step } from '../../../shared/registration/plan';
import { isSameUrl } from '../../../shared/publicUrl';
import { inOneLine } from '../../../shared/serviceText';
import type { Webhook, WebhookApi } from '../../../shared/webhooks';
import type { Item } from '../../execution/item';
import type { Operation } from '../../operation';
import { readSecrets, secretFields } from '../secret';
import { events, readEvents, readUrl, shown, url } from './fields';
import { SecretMemory } from './secretMemory';

// Nobody has as many webhooks for one url, and each look is two calls of n8n's database.
const MAX_LOOKS = 100;

export const upsert: Operation = {
	value: 'upsert',
	name: 'Create or Update',
	action: 'Create or update webhook',
	description: 'Create a new record, or update the current one if it already exists (upsert)',
	fields: [
		{
			...url,
			description:
				'Where MindPeeker delivers events to. For it there will be exactly one active webhook.',
		},
		events,
		...secretFields(
			'What MindPeeker signs deliveries with. Without one, a webhook that is there is repaired, and none is created. A webhook with another or an unknown secret is replaced.',
		),
	],
	isOneAtATime: true,
	writes: 'idempotent',
	async run(item) {
		const { current: secret } = await readSecrets(item);
		const url = await readUrl(item);
		const desired: Desired = { url, events: readEvents(item, item.read('events')), secret };
		const { id: account, api, webhooks } = await item.account();
		if (secret !== undefined) api.conceal(secret);
		const memory = new SecretMemory(item.context.helpers, account);
		const before = await webhooks.list();
		const steps = await stepsTo(desired, before, memory, item);
		const madeId = await carryOut(steps, desired, { api: webhooks, listed: before }, memory, item);

		const after = steps.length > 0 ? await webhooks.list() : before;
		const webhook = await settle(desired, after, madeId, webhooks);
		return { ...(webhook && shown(webhook)), change: changeOf(steps) };
	},
};

async function stepsTo(
	desired: Desired,
	webhooks: readonly Webhook[],
	memory: SecretMemory,
	item: Item,
): Promise<Step[]> {
	const { url, secret } = desired;
	if (secret !== undefined) {
		const here = webhooks.filter((webhook) => isSameUrl(webhook.url, url));
		for (const { id } of here.slice(0, MAX_LOOKS)) {
			if (!(await memory.knows(id, secret))) continue;
			return plan(desired, webhooks, { webhookId: id, isInForce: true });
		}
		return plan(desired, webhooks);
	}
	const steps = planRepair(desired, webhooks);
	if (steps) return steps;
	throw item.refuse(
		`There is no webhook for ${url}, and no secret to create one with`,
		'Enter a Signing Secret in the MindPeeker credential, or choose Enter in the node.',
	);
}

/** Gives the id of the webhook that was made, where one was. */
async function carryOut(
	steps: readonly Step[],
	desired: Desired,
	{ api, listed }: { api: WebhookApi; listed: readonly Webhook[] },
	memory: SecretMemory,
	item: Item,
): Promise<string | undefined> {
	const warn = (text: string) => item.context.logger.warn(`MindPeeker: ${inOneLine(text)}`);
	const outcome = await apply(steps, desired, { api, listed, warn }).then(
		(made) => ({ made }),
		(error: Error) => ({ error }),
	);
	if ('error' in outcome) throw await explain(outcome.error, steps, desired, api, item);
	const { made } = outcome;
	if (made) await memory.remember(made.webhookId, made.secret);
	return made?.webhookId;
}

/** A service that takes a url only once leaves none where the new webhook cannot be created after all. */
async function explain(
	error: Error,
	steps: readonly Step[],
	{ url }: Desired,
	webhooks: WebhookApi,
	item: Item,
): Promise<Error> {
	if (changeOf(steps) !== 'replaced') return error;
	const left = await webhooks.list().catch(() => undefined);
	if (!left || left.some((webhook) => isSameUrl(webhook.url, url))) return error;
	return item.refuse(
		`${error.message} The former webhook has been removed, and there is none for ${url} now`,
		'Run this operation again: it creates one.',
	);
}

/** Of what several executions have made for the same url at the same time, the one that sorts first is kept. */
async function settle(
	{ url }: Desired,
	webhooks: readonly Webhook[],
	madeId: string | undefined,
	api: WebhookApi,
): Promise<Webhook | undefined> {
	const here = webhooks.filter((webhook) => isSameUrl(webhook.url, url));
	const [first, ...others] = [...here].sort((one, other) => (one.id < other.id ? -1 : 1));
	if (madeId !== undefined) await api.removeAll(others.map(({ id }) => id));
	return first;
}

function changeOf(steps: readonly Step[]): 'created' | 'replaced' | 'updated' | 'none' {
	const kinds = steps.map((step) => step.do);
	if (kinds.includes('create')) return kinds.includes('remove') ? 'replaced' : 'created';
	return kinds.length > 0 ? 'updated' : 'none';
}
