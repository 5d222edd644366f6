import type { INodeProperties, INodePropertyOptions, NodeOperationError } from 'n8n-workflow';

import { findSecretProblem } from '../../shared/registration/secret';
import type { Item } from '../execution/item';

const FROM_CREDENTIAL: INodePropertyOptions = {
	name: 'From Credential',
	value: 'credential',
	description: 'The Signing Secret in the MindPeeker credential',
};
const ENTERED: INodePropertyOptions = {
	name: 'Enter',
	value: 'entered',
	description: 'A secret that you enter below',
};

/**
 * The fields for a signing secret.
 *
 * @param otherSources listed before From Credential and Enter; the first source is the default
 */
export function buildSecretFields(
	description: string,
	...otherSources: INodePropertyOptions[]
): INodeProperties[] {
	const defaultSource = (otherSources[0] ?? FROM_CREDENTIAL).value;
	return [
		{
			displayName: 'Signing Secret',
			name: 'secretSource',
			type: 'options',
			options: [...otherSources, FROM_CREDENTIAL, ENTERED],
			default: defaultSource,
			description,
			builderHint: {
				propertyHint:
					"Omit it. Never use 'entered', because the workflow would contain the secret.",
			},
		},
		{
			displayName: 'Secret',
			name: 'secret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'The secret that MindPeeker signs deliveries with',
			builderHint: { propertyHint: "Omit it, unless secretSource is 'entered'." },
			displayOptions: { show: { secretSource: ['entered'] } },
		},
	];
}

interface Secrets {
	/** Undefined if the credential has none. */
	readonly current?: string;
	/** The Previous Signing Secret of the credential. */
	readonly previous?: string;
}

/** @throws {NodeOperationError} if a secret is not usable */
export async function readSecrets(item: Item): Promise<Secrets> {
	const source = item.readOptional('secretSource') ?? FROM_CREDENTIAL.value;
	if (source === ENTERED.value) {
		return { current: checkSecret(item, item.read('secret', ''), 'The secret') };
	}
	if (source !== FROM_CREDENTIAL.value) {
		const sources = `${FROM_CREDENTIAL.value} or ${ENTERED.value}`;
		throw item.createError(
			`Signing Secret must be ${sources}, not "${String(source)}"`,
			'Correct it, then try again.',
		);
	}
	const { signingSecret, previousSigningSecret } = await item.getCredential();
	return {
		current: readCredentialSecret(item, signingSecret, 'Signing Secret'),
		previous: readCredentialSecret(item, previousSigningSecret, 'Previous Signing Secret'),
	};
}

export function createMissingSecretError(item: Item): NodeOperationError {
	return item.createError(
		'The MindPeeker credential has no Signing Secret',
		'Enter one there, or choose another Signing Secret in the node.',
	);
}

function readCredentialSecret(item: Item, secret: unknown, title: string): string | undefined {
	// An expression may return null.
	if ((secret ?? '') === '') return undefined;
	return checkSecret(item, secret, `The ${title} in the MindPeeker credential`);
}

function checkSecret(item: Item, secret: unknown, title: string): string {
	const problem = typeof secret === 'string' ? findSecretProblem(secret) : 'is not a text';
	if (problem) throw item.createError(`${title} ${problem}`, 'Correct it, then try again.');
	return secret as string;
}
