import type { IDataObject, IExecuteFunctions, NodeOperationError } from 'n8n-workflow';

import { ApiConnection } from '../../shared/api';
import { flagOf } from '../../shared/flag';
import { isObject } from '../../shared/isObject';
import { operationError } from '../../shared/mindPeekerError';
import { cancelSignalOf } from '../../shared/pause';
import { Retries } from '../../shared/retries';
import { webhookApi, type Webhook, type WebhookApi } from '../../shared/webhooks';

/** What all items of one execution share. */
export class Connections {
	/** Ends all waiting: the user has stopped the execution, or an item has failed that all of it depends on. */
	readonly signal: AbortSignal;
	private readonly failed = new AbortController();
	private connected?: Promise<ApiConnection>;
	private listed?: Promise<Webhook[]>;

	constructor(private readonly context: IExecuteFunctions) {
		const signals = [this.failed.signal, cancelSignalOf(context)];
		this.signal = AbortSignal.any(signals.filter((signal) => signal !== undefined));
	}

	/** Nothing that is still waited for is of use any more. */
	giveUp(): void {
		this.failed.abort();
	}

	/** Made when first needed. */
	async api(): Promise<ApiConnection> {
		return await (this.connected ??= ApiConnection.connect(this.context, new Retries(this.signal)));
	}

	async webhooks(): Promise<WebhookApi> {
		return webhookApi(await this.api());
	}

	/** All webhooks as they were when an item first asked: so many items, one look. */
	async webhookList(): Promise<Webhook[]> {
		this.listed ??= this.webhooks().then(async (webhooks) => await webhooks.list());
		// What an item could not have, a later one may.
		this.listed.catch(() => (this.listed = undefined));
		return await this.listed;
	}
}

/** One item of the input, as an operation sees it: the parameters with its expressions evaluated, and the API. */
export class Item {
	constructor(
		readonly context: IExecuteFunctions,
		readonly index: number,
		readonly connections: Connections,
	) {}

	read(name: string, fallback?: unknown): unknown {
		return this.context.getNodeParameter(name, this.index, fallback);
	}

	/** @throws {NodeOperationError} where it is empty */
	text(name: string, title: string): string {
		const text = textOf(this.read(name, ''));
		if (text === '') throw this.refuse(`${title} is empty`, 'Enter one, then try again.');
		return text;
	}

	/**
	 * What was picked from a list, entered as an id, or taken out of a url.
	 *
	 * @throws {NodeOperationError} where there is none
	 */
	picked(name: string, title: string): string {
		const text = textOf(this.extract(name));
		if (text === '') throw this.refuse(`No ${title} is chosen`, 'Choose one, then try again.');
		return this.usableId(text);
	}

	/**
	 * An id that was entered.
	 *
	 * @throws {NodeOperationError} where there is none
	 */
	id(name: string, title: string): string {
		return this.usableId(this.text(name, title));
	}

	/** In an address, one of dots alone would lead elsewhere. */
	private usableId(id: string): string {
		if (!/^\.+$/.test(id)) return id;
		throw this.refuse(`"${id}" is not an ID`, 'Enter one, then try again.');
	}

	private extract(name: string): unknown {
		try {
			return this.context.getNodeParameter(name, this.index, '', { extractValue: true });
		} catch (error) {
			throw this.refuse((error as Error).message, 'Choose one from the list, or enter its ID.');
		}
	}

	/** What was entered in a collection. */
	collection(name: string): IDataObject {
		return this.read(name, {}) as IDataObject;
	}

	/**
	 * A JSON object, as text or from an expression.
	 *
	 * @throws {NodeOperationError} where it is none
	 */
	object(name: string, title: string): IDataObject {
		const value = this.read(name, {});
		const parsed = typeof value === 'string' ? parse(value.trim() || '{}') : value;
		if (isObject(parsed)) return parsed;
		throw this.refuse(
			`${title} is not a JSON object`,
			'Enter one, such as {"confidence_score": 0.9}.',
		);
	}

	/**
	 * A number within limits; those of the screen do not hold for an expression.
	 *
	 * @throws {NodeOperationError} where it is none, or beyond them
	 */
	number(value: unknown, title: string, least: number): number {
		const number = typeof value === 'string' && value.trim() === '' ? NaN : Number(value);
		if (number >= least && number < Infinity) return number;
		throw this.refuse(`${title} is not a number from ${least} up`, 'Correct it, then try again.');
	}

	/**
	 * Yes or no.
	 *
	 * @throws {NodeOperationError} where it is neither
	 */
	flag(value: unknown, title: string): boolean {
		const flag = flagOf(value);
		if (flag !== undefined) return flag;
		throw this.refuse(`${title} is neither true nor false`, 'Correct it, then try again.');
	}

	/** The error for what the user entered: what is wrong, and what to do. */
	refuse(message: string, description: string): NodeOperationError {
		return operationError(this.context, message, { description });
	}
}

function textOf(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
