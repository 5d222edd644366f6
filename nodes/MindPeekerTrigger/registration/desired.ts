import { NodeOperationError, type IHookFunctions, type WebhookType } from 'n8n-workflow';

import { CREDENTIAL } from '../../shared/credential';
import { CUSTOM } from '../../shared/environments';
import { typesToRegister } from '../../shared/events';
import { findUrlFault } from '../../shared/publicUrl';
import type { Desired } from '../../shared/registration/plan';
import { findSecretFault } from '../../shared/registration/secret';
import { findInvalidEntry } from '../reception/allowedAddresses';
import { WEBHOOK_NAMES } from '../acknowledge';
import { readCredentialSecrets, type CredentialSecrets } from '../credentialSecrets';
import { findSettingsFault, readSettings, type Settings } from '../parameters';

// n8n then makes a path of the workflow's id and the node's name, at which it does not find the node again.
const NO_WEBHOOK_ID =
	'This trigger has no webhook ID, so n8n could not route a delivery to it. Open the workflow in the editor, save it, then publish it again.';

/**
 * What should be registered for the node.
 *
 * @returns undefined where the user registers by hand
 * @throws {NodeOperationError} where what the user entered cannot work, before any call
 */
export async function readDesired(context: IHookFunctions): Promise<Desired | undefined> {
	const refuse = (message: string) => new NodeOperationError(context.getNode(), message);
	const settings = readSettings(context);
	const secrets = await readCredentialSecrets(context);
	if (!context.getNode().webhookId) throw refuse(NO_WEBHOOK_ID);
	const fault = findSettingsFault(context);
	if (fault) throw refuse(`${fault}. Correct it, then try again.`);
	const entered = findFaultIn(settings, secrets);
	if (entered) throw refuse(entered);

	if (settings.registration === 'manual') return undefined;
	const { acknowledge, events } = settings;
	const url = await readReachableUrl(context, WEBHOOK_NAMES[acknowledge], refuse);
	const other = acknowledge === 'received' ? WEBHOOK_NAMES.finished : WEBHOOK_NAMES.received;
	const otherUrls = [context.getNodeWebhookUrl(other) as string];
	return { url, otherUrls, events: typesToRegister(events), secret: secrets.current };
}

function findFaultIn(
	{ allowedIps, events, registration }: Settings,
	secrets: CredentialSecrets,
): string | undefined {
	if (events.length === 0) {
		return 'No event is chosen. Pick at least one under "Trigger On", then try again.';
	}
	const invalid = allowedIps === undefined ? undefined : findInvalidEntry(allowedIps);
	if (invalid !== undefined) {
		return `"${invalid}" in the option Allowed IPs is neither an address nor a range such as 10.0.0.0/8. Correct it, then try again.`;
	}
	if (registration === 'manual' && secrets.current === undefined) {
		return 'The registration is manual, and no secret is known to verify deliveries by. Enter the secret of the webhook that you created in MindPeeker as Signing Secret in the MindPeeker credential, then try again.';
	}
	return (
		findFaultOf('Signing Secret', secrets.current) ??
		findFaultOf('Previous Signing Secret', secrets.previous)
	);
}

function findFaultOf(field: string, secret: string | undefined): string | undefined {
	const fault = secret === undefined ? undefined : findSecretFault(secret);
	return fault && `The ${field} in the MindPeeker credential ${fault}. Correct it, then try again.`;
}

async function readReachableUrl(
	context: IHookFunctions,
	webhookName: WebhookType,
	refuse: (message: string) => NodeOperationError,
): Promise<string> {
	const url = context.getNodeWebhookUrl(webhookName);
	/* istanbul ignore next: n8n has a URL for each webhook of the description, which its types do not say @preserve */
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
