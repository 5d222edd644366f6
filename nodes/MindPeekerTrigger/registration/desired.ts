import { NodeOperationError, type IHookFunctions, type WebhookType } from 'n8n-workflow';

import { CREDENTIAL } from '../../shared/credential';
import { CUSTOM } from '../../shared/environments';
import { typesToRegister } from '../../shared/events';
import { findUrlFault } from '../../shared/publicUrl';
import type { Desired } from '../../shared/registration/plan';
import { findSecretFault } from '../../shared/registration/secret';
import { findInvalidEntry } from '../reception/allowedAddresses';
import { WEBHOOK_NAMES, type Acknowledge } from '../acknowledge';
import { readCredentialSecrets, type CredentialSecrets } from '../credentialSecrets';
import { findSettingsFault, readSettings, type Settings } from '../parameters';

const NO_WEBHOOK_ID =
	'This trigger has no webhook ID, so n8n cannot receive its events. Open the workflow in the editor, save it (Ctrl+S, or Cmd+S on a Mac), then publish it. Without the editor, add a webhookId to the node: a UUID.';

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
	const unrouted = findRoutingFault(context, settings.acknowledge);
	if (unrouted) throw refuse(unrouted);
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

/**
 * Without a webhook id, n8n makes a path of the node's name that it does not find again. With some characters in it, the
 * path that arrives is not the one that n8n has stored.
 */
function findRoutingFault(context: IHookFunctions, acknowledge: Acknowledge): string | undefined {
	const { webhookId } = context.getNode();
	if (!webhookId) return NO_WEBHOOK_ID;
	const url = context.getNodeWebhookUrl(WEBHOOK_NAMES[acknowledge]) as string;
	const stored = `/${String(webhookId).trimStart()}/${url.slice(url.lastIndexOf('/') + 1)}`;
	if (pathThatArrives(url)?.endsWith(stored)) return undefined;
	return `n8n cannot receive events at the webhook ID "${webhookId}" of this trigger. Delete the trigger and add a new one, or give the node a UUID as its webhookId.`;
}

/** As n8n decodes it; undefined if it cannot. */
function pathThatArrives(url: string): string | undefined {
	try {
		return decodeURIComponent(new URL(url).pathname);
	} catch {
		return undefined;
	}
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
