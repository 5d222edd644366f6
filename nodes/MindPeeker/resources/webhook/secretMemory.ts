import type { ICheckProcessedOptions, IExecuteFunctions } from 'n8n-workflow';
import { scrypt } from 'node:crypto';

const REMEMBERED_WEBHOOKS = 1_000;
const ENTRIES_PER_WEBHOOK = 2;
const OPTIONS: ICheckProcessedOptions = {
	mode: 'entries',
	// With room for one that is looked for, so that a look pushes nothing out.
	maxEntries: REMEMBERED_WEBHOOKS * ENTRIES_PER_WEBHOOK + 1,
};
const DIGEST_BYTES = 32;

/**
 * Remembers with which secret this node made a webhook: MindPeeker never tells. It is kept as a slow digest in n8n's
 * database, where values can be looked for and not read; static data would be written back as a whole when the
 * execution ends, over what a trigger of the same workflow has stored meanwhile.
 */
export class SecretMemory {
	constructor(private readonly helpers: IExecuteFunctions['helpers']) {}

	/** Whether the node made this webhook with this secret. */
	async knows(webhookId: string, secret: string): Promise<boolean> {
		for (const entry of await entriesOf(webhookId, secret)) {
			const { new: unknown } = await this.helpers.checkProcessedAndRecord([entry], 'node', OPTIONS);
			if (unknown.length === 0) continue;
			// n8n cannot look without recording.
			await this.helpers.removeProcessed([entry], 'node', OPTIONS);
			return false;
		}
		return true;
	}

	async remember(webhookId: string, secret: string): Promise<void> {
		const entries = await entriesOf(webhookId, secret);
		await this.helpers.checkProcessedAndRecord(entries, 'node', OPTIONS);
	}
}

/** Two, for a look that was cut off before it had cleared up leaves one behind. */
async function entriesOf(webhookId: string, secret: string): Promise<string[]> {
	const entry = await entryOf(webhookId, secret);
	return [entry, `${entry}:made`];
}

async function entryOf(webhookId: string, secret: string): Promise<string> {
	return await new Promise((resolve, reject) => {
		scrypt(secret, webhookId, DIGEST_BYTES, (error, digest) => {
			/* istanbul ignore next: scrypt fails for parameters that it does not take, and these are fixed @preserve */
			if (error) reject(error);
			else resolve(`${webhookId}:${digest.toString('hex')}`);
		});
	});
}
