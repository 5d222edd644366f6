import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	NodeOperationError,
} from 'n8n-workflow';

import type { ApiConnection } from '../../shared/api';
import { isBlank } from '../../shared/blank';
import { CREDENTIAL } from '../../shared/credential';
import { flagOf } from '../../shared/flag';
import { isObject } from '../../shared/isObject';
import { parseJson } from '../../shared/json';
import { MindPeekerOperationError } from '../../shared/mindPeekerError';
import { toNumber } from '../../shared/number';
import type { Account } from './account';
import type { Connections } from './connections';

/** One item of the input, as an operation sees it: its parameters, its credential, and the account they lead to. */
export class Item {
	/** Whether an earlier try of this execution may have done it. */
	mayBeDone = false;
	private decrypted?: Promise<ICredentialDataDecryptedObject>;

	constructor(
		readonly context: IExecuteFunctions,
		readonly index: number,
		readonly connections: Connections,
	) {}

	/** The credential, with its expressions evaluated for this item. */
	async credential(): Promise<ICredentialDataDecryptedObject> {
		this.decrypted ??= this.context.getCredentials(CREDENTIAL, this.index);
		return await this.decrypted;
	}

	async account(): Promise<Account> {
		return await this.connections.account(await this.credential());
	}

	async api(): Promise<ApiConnection> {
		return (await this.account()).api;
	}

	read(name: string, fallback?: unknown): unknown {
		return this.context.getNodeParameter(name, this.index, fallback);
	}

	/** A parameter that may be left out: undefined if it is blank. */
	optional(name: string): unknown {
		return given(this.read(name, ''));
	}

	/** @throws {NodeOperationError} if it is blank */
	text(name: string, title: string): string {
		const text = textOf(this.read(name, ''));
		if (text === '') throw this.refuse(`${title} is empty`, 'Enter one, then try again.');
		return text;
	}

	/**
	 * The id that was picked from a list, entered, or found in a url.
	 *
	 * @throws {NodeOperationError} if there is no such id
	 */
	picked(name: string, title: string): string {
		const text = textOf(this.extract(name));
		if (text === '') throw this.refuse(`No ${title} is chosen`, 'Choose one, then try again.');
		return this.usableId(text);
	}

	/**
	 * An id that was entered.
	 *
	 * @throws {NodeOperationError} if there is no such id
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

	/**
	 * The fields of a collection, without those that were left blank.
	 *
	 * @throws {NodeOperationError} if an expression returns something else
	 */
	collection(name: string, title: string): IDataObject {
		const fields = Object.entries(this.object(name, title));
		const filled = fields.map(([field, value]) => [field, given(value)] as const);
		return Object.fromEntries(filled.filter(([, value]) => value !== undefined)) as IDataObject;
	}

	/**
	 * A JSON object, as text or from an expression; without fields if it is blank.
	 *
	 * @throws {NodeOperationError} if it is something else
	 */
	object(name: string, title: string): IDataObject {
		const value = given(this.read(name, {})) ?? {};
		const parsed = typeof value === 'string' ? parseJson(value) : value;
		if (isObject(parsed)) return parsed;
		throw this.refuse(`${title} is not a JSON object`, 'Enter one, or leave it empty.');
	}

	/**
	 * A number within limits; those of the screen do not hold for an expression.
	 *
	 * @throws {NodeOperationError} if it is not a number, or outside the limits
	 */
	number(value: unknown, title: string, least: number, most = Infinity): number {
		const number = toNumber(value);
		if (number >= least && number <= most && number < Infinity) return number;
		const limits = most < Infinity ? `from ${least} to ${most}` : `from ${least} up`;
		throw this.refuse(`${title} is not a number ${limits}`, 'Correct it, then try again.');
	}

	/**
	 * Yes or no.
	 *
	 * @throws {NodeOperationError} if it is neither
	 */
	flag(value: unknown, title: string): boolean {
		const flag = flagOf(value);
		if (flag !== undefined) return flag;
		throw this.refuse(`${title} is neither true nor false`, 'Correct it, then try again.');
	}

	/** An error of this item: the message says what is wrong, the description how to correct it. */
	refuse(message: string, description: string): NodeOperationError {
		return new MindPeekerOperationError(this.context, { what: message, advice: description });
	}
}

function textOf(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** A value without white space around it; undefined if it is blank. */
function given(value: unknown): unknown {
	if (isBlank(value)) return undefined;
	return typeof value === 'string' ? value.trim() : value;
}
