import { NodeOperationError, type IHookFunctions, type WebhookType } from 'n8n-workflow';

import { CREDENTIAL } from '../../shared/api';
import { CUSTOM } from '../../shared/environments';
import { typesToRegister } from '../../shared/events';
import { findUrlFault } from '../../shared/publicUrl';
import { findInvalidEntry } from '../reception/allowedAddresses';
import { WEBHOOK_NAMES } from '../acknowledge';
import { readCredentialSecrets } from '../credentialSecrets';
import { readSettings } from '../parameters';
import type { Desired } from './plan';
import { findSecretFault } from './secret';

/**
 * What should be registered for the node.
 *
 * @returns undefined where the user registers by hand
 * @throws {NodeOperationError} where what the user entered cannot work, before any call
 */
export async function readDesired(context: IHookFunctions): Promise<Desired | undefined> {
	const refuse = (message: string) => new NodeOperationError(context.getNode(), message);
	const { acknowledge, events, registration, allowedIps } = readSettings(context);
	const secrets = await readCredentialSecrets(context);

	if (events.length === 0) {
		throw refuse('No event is chosen. Pick at least one under "Trigger On", then try again.');
	}
	for (const [field, secret] of [
		['Signing Secret', secrets.current],
		['Previous Signing Secret', secrets.previous],
	] as const) {
		const fault = secret === undefined ? undefined : findSecretFault(secret);
		if (fault) {
			throw refuse(
				`The ${field} in the MindPeeker credential ${fault}. Correct it, then try again.`,
			);
		}
	}
	const invalid = allowedIps === undefined ? undefined : findInvalidEntry(allowedIps);
	if (invalid !== undefined) {
		throw refuse(
			`"${invalid}" in the option Allowed IPs is neither an address nor a range such as 10.0.0.0/8. Correct it, then try again.`,
		);
	}
	if (registration === 'manual') {
		if (secrets.current !== undefined) return undefined;
		throw refuse(
			'The registration is manual, and no secret is known to verify deliveries by. Enter the secret of the webhook that you created in MindPeeker as Signing Secret in the MindPeeker credential, then try again.',
		);
	}
	const url = await readReachableUrl(context, WEBHOOK_NAMES[acknowledge], refuse);
	return { url, events: typesToRegister(events), secret: secrets.current };
}

async function readReachableUrl(
	context: IHookFunctions,
	webhookName: WebhookType,
	refuse: (message: string) => NodeOperationError,
): Promise<string> {
	const url = context.getNodeWebhookUrl(webhookName);
	if (url === undefined) throw refuse('n8n gives no webhook URL for this node. Save the workflow.');
	const { environment } = await context.getCredentials(CREDENTIAL);
	const fault = environment === CUSTOM ? undefined : findUrlFault(url);
	if (fault) {
		throw refuse(
			`MindPeeker cannot deliver to ${url}: ${fault}. Set WEBHOOK_URL to the address under which this n8n is reached from the internet (for a test, that of a tunnel), restart n8n, then try again.`,
		);
	}
	return url;
}
