import type { ICredentialDataDecryptedObject, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { ApiConnection, getBaseUrl, type ApiRequest } from '../../shared/api/connection';
import { isObject } from '../../shared/values';
import { getCancelSignal, RetryPolicy } from '../../shared/api/retryPolicy';
import { createWebhookApi, type Webhook, type WebhookApi } from '../../shared/api/webhooks';

/** A MindPeeker account. All items with the same API key and base URL share one. */
export class Account {
	private webhookList?: Promise<Webhook[]>;

	/** @param id identifies the account; it contains the API key, so never show it */
	constructor(
		readonly id: string,
		readonly api: ApiConnection,
	) {}

	get webhooks(): WebhookApi {
		return createWebhookApi(this.api);
	}

	/** All webhooks, requested once for all items. */
	async listWebhooks(): Promise<Webhook[]> {
		this.webhookList ??= this.webhooks.list();
		// After an error, the next item sends the request again.
		this.webhookList.catch(() => (this.webhookList = undefined));
		return await this.webhookList;
	}

	/** @throws {MindPeekerApiError} if the request fails, or its response is not an object */
	async requestObject(request: ApiRequest): Promise<IDataObject> {
		return this.asObject(await this.api.request(request), request.hintIfUncertain);
	}

	/** @throws {MindPeekerApiError} if the response is not an object */
	asObject(response: unknown, hintIfUncertain?: string): IDataObject {
		if (isObject(response)) return response;
		throw this.api.createInvalidResponseError('its response is not an object', hintIfUncertain);
	}
}

/**
 * The accounts of one execution, and the signal that ends their waits. Each account has a connection of its own,
 * because rate limits apply per account.
 */
export class Accounts {
	/** Aborted if the user stops the execution, or if an item's error ends it. */
	readonly signal: AbortSignal;
	private readonly controller = new AbortController();
	private readonly connecting = new Map<string, Promise<Account>>();

	constructor(private readonly context: IExecuteFunctions) {
		const signals = [this.controller.signal, getCancelSignal(context)];
		this.signal = AbortSignal.any(signals.filter((signal) => signal !== undefined));
	}

	/** Stops all items that wait. */
	abort(): void {
		this.controller.abort();
	}

	/**
	 * Returns the account of a credential. Items of the same account may have different signing secrets.
	 *
	 * @throws {MindPeekerApiError | MindPeekerOperationError} if the credential has no valid base URL or no API key
	 */
	async getAccount(credential: ICredentialDataDecryptedObject): Promise<Account> {
		const id = JSON.stringify([getBaseUrl(credential), credential.apiKey]);
		const connecting = this.connecting.get(id) ?? this.connect(id, credential);
		this.connecting.set(id, connecting);
		const account = await connecting;
		account.api.addRedaction(credential.signingSecret, credential.previousSigningSecret);
		return account;
	}

	private async connect(id: string, credential: ICredentialDataDecryptedObject): Promise<Account> {
		const retries = new RetryPolicy(this.signal);
		return new Account(id, await ApiConnection.connect(this.context, retries, credential));
	}
}
