import type { ICredentialDataDecryptedObject, IExecuteFunctions } from 'n8n-workflow';

import { ApiConnection } from '../../shared/api';
import { baseUrlOf } from '../../shared/environments';
import { cancelSignalOf } from '../../shared/pause';
import { Retries } from '../../shared/retries';
import { Account } from './account';

/** What all items of one execution share: one connection for each account that their credentials lead to. */
export class Connections {
	/** Ends all waiting: the user has stopped the execution, or an item has failed and with it the execution. */
	readonly signal: AbortSignal;
	private readonly failed = new AbortController();
	private readonly accounts = new Map<string, Promise<Account>>();

	constructor(private readonly context: IExecuteFunctions) {
		const signals = [this.failed.signal, cancelSignalOf(context)];
		this.signal = AbortSignal.any(signals.filter((signal) => signal !== undefined));
	}

	/** Ends the waiting of the other items. */
	giveUp(): void {
		this.failed.abort();
	}

	/**
	 * The account that a credential leads to. The signing secrets may differ from item to item.
	 *
	 * @throws {MindPeekerError | MindPeekerOperationError} if the credential has no usable base url, or no API key
	 */
	async account(credential: ICredentialDataDecryptedObject): Promise<Account> {
		const id = JSON.stringify([baseUrlOf(credential), credential.apiKey]);
		const connecting = this.accounts.get(id) ?? this.connect(id, credential);
		this.accounts.set(id, connecting);
		const account = await connecting;
		account.api.conceal(credential.signingSecret, credential.previousSigningSecret);
		return account;
	}

	private async connect(id: string, credential: ICredentialDataDecryptedObject): Promise<Account> {
		// Of its own: a rate limit holds for one account.
		const retries = new Retries(this.signal);
		return new Account(id, await ApiConnection.connect(this.context, retries, credential));
	}
}
