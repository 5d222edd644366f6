import type { ICheckProcessedOptions, IExecuteFunctions } from 'n8n-workflow';
import { createHmac, scrypt } from 'node:crypto';

const REMEMBERED_WEBHOOKS = 1_000;
const ENTRIES_PER_WEBHOOK = 2;
const ENTRIES_PER_LOOK = 2;
const OPTIONS: ICheckProcessedOptions = {
	mode: 'entries',
	// With room for what a look records, so that it pushes nothing out.
	maxEntries: REMEMBERED_WEBHOOKS * ENTRIES_PER_WEBHOOK + ENTRIES_PER_LOOK,
};
const DIGEST_BYTES = 32;

/**
 * Remembers with which secret this node created a webhook of an account: MindPeeker never returns a secret. It is kept
 * as a slow digest in n8n's database, where values can be looked for and not read. Static data would not do: n8n writes
 * it back as a whole when the execution ends, over what a trigger of the same workflow has stored meanwhile.
 */
export class SecretMemory {
	/** @param account tells the account from others: two of them may have the same webhook ID */
	constructor(
		private readonly helpers: IExecuteFunctions['helpers'],
		private readonly account: string,
	) {}

	/** Whether the node created this webhook of the account with this secret. */
	async knows(webhookId: string, secret: string): Promise<boolean> {
		const digest = await digestOf(webhookId, secret);
		// Release 0.1.0 did not distinguish accounts.
		const entries = [this.entryOf(webhookId, digest), entryOf(webhookId, digest)];
		const found = await this.lookFor(entries);
		const confirmed = found.length > 0 ? await this.lookFor(found.map(confirmationOf)) : [];
		return confirmed.length > 0;
	}

	async remember(webhookId: string, secret: string): Promise<void> {
		const entry = this.entryOf(webhookId, await digestOf(webhookId, secret));
		const entries = [entry, confirmationOf(entry)];
		await this.helpers.checkProcessedAndRecord(entries, 'node', OPTIONS);
	}

	/** Which of the entries there are. */
	private async lookFor(entries: string[]): Promise<string[]> {
		const { new: unknown } = await this.helpers.checkProcessedAndRecord(entries, 'node', OPTIONS);
		// n8n cannot look without recording.
		if (unknown.length > 0) await this.helpers.removeProcessed(unknown, 'node', OPTIONS);
		return entries.filter((entry) => !unknown.includes(entry));
	}

	private entryOf(webhookId: string, digest: Buffer): string {
		return entryOf(webhookId, createHmac('sha256', digest).update(this.account).digest());
	}
}

function entryOf(webhookId: string, digest: Buffer): string {
	return `${webhookId}:${digest.toString('hex')}`;
}

/** A second entry: a look that was interrupted before it had removed what it recorded leaves the first one only. */
function confirmationOf(entry: string): string {
	return `${entry}:made`;
}

async function digestOf(webhookId: string, secret: string): Promise<Buffer> {
	return await new Promise((resolve, reject) => {
		scrypt(secret, webhookId, DIGEST_BYTES, (error, digest) => {
			/* istanbul ignore next: scrypt fails for parameters that it does not take, and these are fixed @preserve */
			if (error) reject(error);
			else resolve(digest);
		});
	});
}
