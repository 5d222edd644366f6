import type { INodeProperties, INodePropertyOptions, NodeOperationError } from 'n8n-workflow';

import { findSecretFault } from '../../shared/registration/secret';
import type { Item } from '../execution/item';

const FROM_CREDENTIAL: INodePropertyOptions = {
	name: 'From Credential',
	value: 'credential',
	description: 'The Signing Secret in the MindPeeker credential',
};
const ENTERED: INodePropertyOptions = {
	name: 'Enter',
	value: 'entered',
	description: 'A secret of its own, entered below',
};

/** Where the secret comes from, with a field for one that is entered. */
export function secretFields(
	description: string,
	...more: INodePropertyOptions[]
): INodeProperties[] {
	const first = (more[0] ?? FROM_CREDENTIAL).value;
	return [
		{
			displayName: 'Signing Secret',
			name: 'secretSource',
			type: 'options',
			options: [...more, FROM_CREDENTIAL, ENTERED],
			default: first,
			description,
		},
		{
			displayName: 'Secret',
			name: 'secret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'The secret that MindPeeker signs deliveries with',
			displayOptions: { show: { secretSource: ['entered'] } },
		},
	];
}

/** The secrets that the user points to. */
export interface Secrets {
	/** The one in force; undefined where the credential has none. */
	readonly current?: string;
	/** The credential's former one. */
	readonly previous?: string;
}

/** @throws {NodeOperationError} if one of them is not usable */
export async function readSecrets(item: Item): Promise<Secrets> {
	const source = item.optional('secretSource') ?? FROM_CREDENTIAL.value;
	if (source === ENTERED.value) {
		return { current: checked(item, item.read('secret', ''), 'The secret') };
	}
	if (source !== FROM_CREDENTIAL.value) {
		const known = `${FROM_CREDENTIAL.value} or ${ENTERED.value}`;
		throw item.refuse(`Signing Secret cannot be "${String(source)}"`, `Choose ${known}.`);
	}
	const { signingSecret, previousSigningSecret } = await item.credential();
	return {
		current: optional(item, signingSecret, 'The Signing Secret'),
		previous: optional(item, previousSigningSecret, 'The Previous Signing Secret'),
	};
}

/** The error for a credential without a secret where one is needed. */
export function noSecret(item: Item): NodeOperationError {
	return item.refuse(
		'The MindPeeker credential has no Signing Secret',
		'Enter one there, or choose another Signing Secret in the node.',
	);
}

function optional(item: Item, secret: unknown, title: string): string | undefined {
	// An expression may return null.
	if ((secret ?? '') === '') return undefined;
	return checked(item, secret, `${title} in the MindPeeker credential`);
}

function checked(item: Item, secret: unknown, title: string): string {
	const fault = typeof secret === 'string' ? findSecretFault(secret) : 'is not a text';
	if (fault) throw item.refuse(`${title} ${fault}`, 'Correct it, then try again.');
	return secret as string;
}
