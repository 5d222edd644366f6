import { applyPlan } from '../../../shared/registration/apply';
import {
	planChanges,
	planWithoutSecret,
	type Change,
	type DesiredWebhook,
} from '../../../shared/registration/plan';
import { isSameUrl } from '../../../shared/publicUrl';
import { toSingleLine } from '../../../shared/displayText';
import type { Webhook, WebhookApi } from '../../../shared/api/webhooks';
import type { Item } from '../../execution/item';
import type { Operation } from '../../operation';
import { buildSecretFields, readSecrets } from '../secret';
import { eventsField, readEvents, readUrl, toOutput, urlField } from './fields';
import { SecretStore } from './secretStore';

// No URL has as many webhooks, and each lookup takes two calls to n8n's database.
const MAX_LOOKUPS = 100;

interface Context {
	readonly item: Item;
	readonly desired: DesiredWebhook;
	readonly api: WebhookApi;
	readonly secrets: SecretStore;
}

export const upsertWebhook: Operation = {
	value: 'upsert',
	name: 'Create or Update',
	action: 'Create or update webhook',
	description: 'Create a new record, or update the current one if it already exists (upsert)',
	fields: [
		{
			...urlField,
			description:
				'The URL that MindPeeker delivers events to. It will have exactly one active webhook.',
		},
		eventsField,
		...buildSecretFields(
			'The secret that MindPeeker signs deliveries with. Without a secret, an existing webhook is updated, but no new one is created.',
		),
	],
	sequential: true,
	sideEffect: 'idempotent',
	async run(item) {
		const { current: secret } = await readSecrets(item);
		const url = await readUrl(item);
		const desired: DesiredWebhook = { url, events: readEvents(item, item.read('events')), secret };
		const { id: account, api: connection, webhooks: api } = await item.getAccount();
		if (secret !== undefined) connection.addRedaction(secret);
		const secrets = new SecretStore(item.context.helpers, account);
		const context: Context = { item, desired, api, secrets };
		const existing = await api.list();
		const changes = await planUpsert(existing, context);
		const createdId = await runPlan(changes, existing, context);

		const current = changes.length > 0 ? await api.list() : existing;
		const webhook = await removeDuplicates(current, createdId, context);
		return { ...(webhook && toOutput(webhook)), change: describeChange(changes) };
	},
};

async function planUpsert(
	webhooks: readonly Webhook[],
	{ item, desired, secrets }: Context,
): Promise<Change[]> {
	const { url, secret } = desired;
	if (secret !== undefined) {
		for (const { id } of filterByUrl(webhooks, url).slice(0, MAX_LOOKUPS)) {
			if (!(await secrets.has(id, secret))) continue;
			return planChanges(desired, webhooks, { webhookId: id, isSecretCurrent: true });
		}
		return planChanges(desired, webhooks);
	}
	const changes = planWithoutSecret(desired, webhooks);
	if (changes) return changes;
	throw item.createError(
		`There is no webhook for ${url}, and no secret to create one with`,
		'Enter a Signing Secret in the MindPeeker credential, or choose Enter in the node.',
	);
}

/** Returns the ID of the created webhook, if there is one. */
async function runPlan(
	changes: readonly Change[],
	listed: readonly Webhook[],
	context: Context,
): Promise<string | undefined> {
	const { item, desired, api, secrets } = context;
	const warn = (text: string) => item.context.logger.warn(`MindPeeker: ${toSingleLine(text)}`);
	let created;
	try {
		created = await applyPlan(changes, desired, { api, listed, warn });
	} catch (error) {
		throw await explainFailure(error as Error, changes, context);
	}
	if (created) await secrets.add(created.webhookId, created.secret);
	return created?.webhookId;
}

/** If the API allows one webhook per URL, the old one is removed before the new one is created. */
async function explainFailure(
	error: Error,
	changes: readonly Change[],
	{ item, desired: { url }, api }: Context,
): Promise<Error> {
	if (describeChange(changes) !== 'replaced') return error;
	const webhooks = await api.list().catch(() => undefined);
	if (!webhooks || filterByUrl(webhooks, url).length > 0) return error;
	return item.createError(
		`${error.message} The previous webhook was removed, so ${url} has no webhook now`,
		'Run this operation again to create one.',
	);
}

/** Several executions may have created a webhook for the URL at the same time. Each keeps the one with the first ID. */
async function removeDuplicates(
	webhooks: readonly Webhook[],
	createdId: string | undefined,
	{ desired: { url }, api }: Context,
): Promise<Webhook | undefined> {
	const sorted = filterByUrl(webhooks, url).sort((a, b) => (a.id < b.id ? -1 : 1));
	const [first, ...duplicates] = sorted;
	if (createdId !== undefined) await api.removeAll(duplicates.map(({ id }) => id));
	return first;
}

function filterByUrl(webhooks: readonly Webhook[], url: string): Webhook[] {
	return webhooks.filter((webhook) => isSameUrl(webhook.url, url));
}

function describeChange(changes: readonly Change[]): 'created' | 'replaced' | 'updated' | 'none' {
	const kinds = changes.map((change) => change.action);
	if (kinds.includes('create')) return kinds.includes('remove') ? 'replaced' : 'created';
	return kinds.length > 0 ? 'updated' : 'none';
}
