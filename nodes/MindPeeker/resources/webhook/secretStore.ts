import type { ICheckProcessedOptions, IExecuteFunctions } from 'n8n-workflow';
import { createHmac, scrypt } from 'node:crypto';

const MAX_WEBHOOKS = 1_000;
const ENTRIES_PER_WEBHOOK = 2;
const ENTRIES_PER_LOOKUP = 2;
const OPTIONS: ICheckProcessedOptions = {
	mode: 'entries',
	// A lookup adds entries for a moment. They must not push out others.
	maxEntries: MAX_WEBHOOKS * ENTRIES_PER_WEBHOOK + ENTRIES_PER_LOOKUP,
};
const DIGEST_BYTES = 32;

/**
 * Stores which secret this node created a webhook with, because MindPeeker never returns it. n8n's database keeps a slow
 * digest, which can be checked but not read. Static data is not an option: at the end of an execution n8n writes all of
 * it, and overwrites what a trigger of the same workflow has stored meanwhile.
 */
export class SecretStore {
	/** @param account identifies the account; two accounts may have the same webhook ID */
	constructor(
		private readonly helpers: IExecuteFunctions['helpers'],
		private readonly account: string,
	) {}

	/** Whether the node created this webhook of the account with this secret. */
	async has(webhookId: string, secret: string): Promise<boolean> {
		const digest = await computeDigest(webhookId, secret);
		// Release 0.1.0 did not distinguish accounts.
		const entries = [this.toAccountEntry(webhookId, digest), toEntry(webhookId, digest)];
		const found = await this.findEntries(entries);
		const confirmed = found.length > 0 ? await this.findEntries(found.map(toConfirmation)) : [];
		return confirmed.length > 0;
	}

	async add(webhookId: string, secret: string): Promise<void> {
		const entry = this.toAccountEntry(webhookId, await computeDigest(webhookId, secret));
		const entries = [entry, toConfirmation(entry)];
		await this.helpers.checkProcessedAndRecord(entries, 'node', OPTIONS);
	}

	/** n8n cannot check entries without adding them, so this removes them again. */
	private async findEntries(entries: string[]): Promise<string[]> {
		const { new: added } = await this.helpers.checkProcessedAndRecord(entries, 'node', OPTIONS);
		if (added.length > 0) await this.helpers.removeProcessed(added, 'node', OPTIONS);
		return entries.filter((entry) => !added.includes(entry));
	}

	private toAccountEntry(webhookId: string, digest: Buffer): string {
		return toEntry(webhookId, createHmac('sha256', digest).update(this.account).digest());
	}
}

function toEntry(webhookId: string, digest: Buffer): string {
	return `${webhookId}:${digest.toString('hex')}`;
}

/** An interrupted lookup leaves an entry behind, but not its confirmation. */
function toConfirmation(entry: string): string {
	return `${entry}:made`;
}

async function computeDigest(webhookId: string, secret: string): Promise<Buffer> {
	return await new Promise((resolve, reject) => {
		scrypt(secret, webhookId, DIGEST_BYTES, (error, digest) => {
			/* istanbul ignore next: scrypt fails only for invalid parameters, and these are constants @preserve */
			if (error) reject(error);
			else resolve(digest);
		});
	});
}
