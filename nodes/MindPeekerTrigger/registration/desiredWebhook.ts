import { NodeOperationError, type IHookFunctions, type WebhookType } from 'n8n-workflow';

import { CREDENTIAL_TYPE } from '../../shared/api/transport';
import { expandEventTypes } from '../../shared/events/selection';
import { findDeliveryProblem } from '../../shared/publicUrl';
import type { DesiredWebhook } from '../../shared/registration/plan';
import { findSecretProblem } from '../../shared/registration/secret';
import { findInvalidEntry } from '../webhook/ipAllowlist';
import { readCredentialSecrets, type CredentialSecrets } from './state';
import { validateSettings, WEBHOOK_NAMES, type Settings } from '../settings';

const NO_WEBHOOK_ID =
	'This trigger has no webhook ID, so n8n cannot receive its events. Open the workflow in the editor, save it, then publish it. If you cannot use the editor, add a UUID to the node as its webhookId.';

/**
 * Returns the webhook that the node needs, or undefined if the user registers it manually.
 *
 * @throws {NodeOperationError} if a setting or a secret is invalid, before any request
 */
export async function readDesiredWebhook(
	context: IHookFunctions,
	settings: Settings,
): Promise<DesiredWebhook | undefined> {
	const createError = (message: string) => new NodeOperationError(context.getNode(), message);
	const secrets = await readCredentialSecrets(context);
	const problem =
		findRoutingProblem(context, settings.acknowledge) ??
		findInvalidSetting(context) ??
		findInputProblem(settings, secrets);
	if (problem) throw createError(problem);

	if (settings.registration === 'manual') return undefined;
	const { acknowledge, events } = settings;
	const url = await readReachableUrl(context, WEBHOOK_NAMES[acknowledge], createError);
	const other = acknowledge === 'received' ? WEBHOOK_NAMES.finished : WEBHOOK_NAMES.received;
	const otherUrls = [context.getNodeWebhookUrl(other) as string];
	return { url, otherUrls, events: expandEventTypes(events), secret: secrets.current };
}

/**
 * Without a webhook id, n8n builds a path from the node's name and does not find it again. With some characters in the
 * id, the path of a request differs from the stored one.
 */
function findRoutingProblem(
	context: IHookFunctions,
	acknowledge: Settings['acknowledge'],
): string | undefined {
	const { webhookId } = context.getNode();
	if (!webhookId) return NO_WEBHOOK_ID;
	const url = context.getNodeWebhookUrl(WEBHOOK_NAMES[acknowledge]) as string;
	const stored = `/${String(webhookId).trimStart()}/${url.slice(url.lastIndexOf('/') + 1)}`;
	if (decodePath(url)?.endsWith(stored)) return undefined;
	return `n8n cannot receive events with the webhook ID "${webhookId}" of this trigger. Delete the trigger and add a new one, or change the webhookId of the node to a UUID.`;
}

/** Decodes the path as n8n does. Returns undefined if that fails. */
function decodePath(url: string): string | undefined {
	try {
		return decodeURIComponent(new URL(url).pathname);
	} catch {
		return undefined;
	}
}

function findInvalidSetting(context: IHookFunctions): string | undefined {
	const problem = validateSettings(context);
	return problem && `${problem}. Correct it, then try again.`;
}

function findInputProblem(
	{ allowedIps, events, registration }: Settings,
	secrets: CredentialSecrets,
): string | undefined {
	if (events.length === 0) {
		return 'No event is chosen. Choose at least one under "Trigger On", then try again.';
	}
	const invalid = allowedIps === undefined ? undefined : findInvalidEntry(allowedIps);
	if (invalid !== undefined) {
		return `"${invalid}" in the option Allowed IPs is not an address or a range such as 10.0.0.0/8. Correct it, then try again.`;
	}
	if (registration === 'manual' && secrets.current === undefined) {
		return 'With manual registration, the trigger needs the secret of the webhook that you created in MindPeeker. Enter it as Signing Secret in the MindPeeker credential, then try again.';
	}
	return (
		findSecretFieldProblem('Signing Secret', secrets.current) ??
		findSecretFieldProblem('Previous Signing Secret', secrets.previous)
	);
}

function findSecretFieldProblem(field: string, secret: string | undefined): string | undefined {
	const problem = secret === undefined ? undefined : findSecretProblem(secret);
	return (
		problem && `The ${field} in the MindPeeker credential ${problem}. Correct it, then try again.`
	);
}

async function readReachableUrl(
	context: IHookFunctions,
	webhookName: WebhookType,
	createError: (message: string) => NodeOperationError,
): Promise<string> {
	const url = context.getNodeWebhookUrl(webhookName);
	/* istanbul ignore next: n8n has a URL for each webhook in the description, despite its types @preserve */
	if (url === undefined)
		throw createError('n8n has no webhook URL for this node. Save the workflow.');
	const problem = findDeliveryProblem(url, await context.getCredentials(CREDENTIAL_TYPE));
	if (problem) {
		throw createError(
			`${problem}. Set N8N_WEBHOOK_URL (WEBHOOK_URL before n8n 2.35) to the public URL of this n8n instance, or of a tunnel for testing. Restart n8n, then try again.`,
		);
	}
	return url;
}
