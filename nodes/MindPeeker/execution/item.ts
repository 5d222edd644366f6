import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	NodeOperationError,
} from 'n8n-workflow';

import {
	isBlank,
	isDotSegment,
	isObject,
	parseBoolean,
	parseJson,
	toNumber,
} from '../../shared/values';
import { CREDENTIAL_TYPE } from '../../shared/api/transport';
import { MindPeekerOperationError } from '../../shared/api/error';
import type { Account, Accounts } from './account';

/** One input item with its parameters, its credential and its account. */
export class Item {
	/** Whether the item may have succeeded in a previous attempt. */
	mayHaveSucceeded = false;
	private decrypted?: Promise<ICredentialDataDecryptedObject>;

	constructor(
		readonly context: IExecuteFunctions,
		readonly index: number,
		readonly accounts: Accounts,
	) {}

	/** Returns the credential, with its expressions evaluated for this item. */
	async getCredential(): Promise<ICredentialDataDecryptedObject> {
		this.decrypted ??= this.context.getCredentials(CREDENTIAL_TYPE, this.index);
		return await this.decrypted;
	}

	async getAccount(): Promise<Account> {
		return await this.accounts.getAccount(await this.getCredential());
	}

	read(name: string, fallback?: unknown): unknown {
		return this.context.getNodeParameter(name, this.index, fallback);
	}

	/** Reads an optional parameter. Returns undefined if it is blank. */
	readOptional(name: string): unknown {
		return trimToUndefined(this.read(name, ''));
	}

	/** @throws {NodeOperationError} if the parameter is blank */
	readText(name: string, title: string): string {
		const text = toText(this.read(name, ''));
		if (text === '') throw this.createError(`${title} is empty`, 'Enter a value, then try again.');
		return text;
	}

	/**
	 * Reads the ID of a resource locator: chosen from the list, entered, or extracted from a URL.
	 *
	 * @throws {NodeOperationError} if it is blank or not usable
	 */
	readResourceId(name: string, title: string): string {
		const text = toText(this.extractValue(name));
		if (text === '') throw this.createError(`No ${title} is chosen`, 'Choose one, then try again.');
		return this.checkId(text);
	}

	/**
	 * Reads an ID from a text field.
	 *
	 * @throws {NodeOperationError} if it is blank or not usable
	 */
	readId(name: string, title: string): string {
		return this.checkId(this.readText(name, title));
	}

	private checkId(id: string): string {
		if (!isDotSegment(id)) return id;
		throw this.createError(`"${id}" is not an ID`, 'Enter a valid ID, then try again.');
	}

	private extractValue(name: string): unknown {
		try {
			return this.context.getNodeParameter(name, this.index, '', { extractValue: true });
		} catch (error) {
			throw this.createError(
				(error as Error).message,
				'Choose one from the list, or enter its ID.',
			);
		}
	}

	/**
	 * Reads the fields of a collection, without blank ones.
	 *
	 * @throws {NodeOperationError} if an expression returns something else
	 */
	readCollection(name: string, title: string): IDataObject {
		const fields = Object.entries(this.readObject(name, title));
		const trimmed = fields.map(([field, value]) => [field, trimToUndefined(value)] as const);
		return Object.fromEntries(trimmed.filter(([, value]) => value !== undefined)) as IDataObject;
	}

	/**
	 * Reads an object, or a text that is a JSON object. Returns an empty object if the parameter is blank.
	 *
	 * @throws {NodeOperationError} if it is something else
	 */
	readObject(name: string, title: string): IDataObject {
		const value = trimToUndefined(this.read(name, {})) ?? {};
		const parsed = typeof value === 'string' ? parseJson(value) : value;
		if (isObject(parsed)) return parsed;
		throw this.createError(`${title} must be a JSON object`, 'Enter one, or leave it empty.');
	}

	/**
	 * Checks the limits again, because the editor's limits do not apply to expressions.
	 *
	 * @throws {NodeOperationError} if it is not a number, or outside the limits
	 */
	readNumber(value: unknown, title: string, min: number, max = Infinity): number {
		const number = toNumber(value);
		if (number >= min && number <= max && number < Infinity) return number;
		const limits = max < Infinity ? `from ${min} to ${max}` : `of at least ${min}`;
		throw this.createError(`${title} must be a number ${limits}`, 'Correct it, then try again.');
	}

	/** @throws {NodeOperationError} if it is neither true nor false */
	readBoolean(value: unknown, title: string): boolean {
		const boolean = parseBoolean(value);
		if (boolean !== undefined) return boolean;
		throw this.createError(`${title} must be true or false`, 'Correct it, then try again.');
	}

	/** @param hint says how to fix it */
	createError(message: string, hint: string): NodeOperationError {
		return new MindPeekerOperationError(this.context, { message, hint });
	}
}

function toText(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

function trimToUndefined(value: unknown): unknown {
	if (isBlank(value)) return undefined;
	return typeof value === 'string' ? value.trim() : value;
}
