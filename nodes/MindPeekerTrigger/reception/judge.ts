import type { IWebhookFunctions } from 'n8n-workflow';

import { readCredentialSecrets } from '../credentialSecrets';
import type { Settings } from '../parameters';
import { validSecrets } from '../registration/state';
import type { Delivery } from './delivery';
import { verdictOn, type Verdict } from './verdict';

/**
 * Judges a delivery by every secret in force. The credential is read only where its secrets can change the
 * verdict: it costs a look into the database.
 */
export async function judge(
	context: IWebhookFunctions,
	delivery: Delivery,
	settings: Settings,
): Promise<Verdict> {
	const now = Date.now();
	const generated = validSecrets(context, now);
	const verdict = verdictOn(delivery, settings, generated, now);
	if (!isUpToSecrets(verdict)) return verdict;

	const { current = '', previous = '' } = await readCredentialSecrets(context);
	return verdictOn(delivery, settings, [...generated, current, previous], now);
}

function isUpToSecrets(verdict: Verdict): boolean {
	if (verdict.outcome !== 'unauthorised') return false;
	return verdict.reason === 'no-secret' || verdict.reason === 'mismatch';
}
