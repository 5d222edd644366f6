import { generateSecret } from '../../../shared/registration/secret';
import type { ErrorTextOptions } from '../../../shared/api/webhooks';
import type { Operation } from '../../operation';
import { buildSecretFields, createMissingSecretError, readSecrets } from '../secret';
import { activeField, eventsField, readEvents, readUrl, toOutput, urlField } from './fields';

const GENERATE = {
	name: 'Generate',
	value: 'generate',
	description: '32 random bytes. The output contains the secret, only this once.',
};

const TEXTS: ErrorTextOptions = {
	errorTexts: {
		409: {
			message: 'MindPeeker already has a webhook for this URL',
			hint: 'Use the operation Create or Update, or delete the other webhook.',
		},
	},
	hintIfUncertain:
		'The webhook may have been created. Check with Get Many before you try again, or use Create or Update.',
};

export const createWebhook: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create webhook',
	description: 'Register a webhook for one or more event types',
	fields: [
		urlField,
		eventsField,
		...buildSecretFields('The secret that MindPeeker signs deliveries with', GENERATE),
		activeField,
	],
	sideEffect: 'nonIdempotent',
	async run(item) {
		const source = item.readOptional('secretSource') ?? GENERATE.value;
		const isGenerated = source === GENERATE.value;
		const secret = isGenerated ? generateSecret() : (await readSecrets(item)).current;
		if (secret === undefined) throw createMissingSecretError(item);
		const webhook = {
			url: await readUrl(item),
			events: readEvents(item, item.read('events')),
			secret,
			active: item.readBoolean(item.readOptional('active') ?? true, 'Active'),
		};
		const { webhooks } = await item.getAccount();
		const created = await webhooks.create(webhook, TEXTS);
		return { ...toOutput(created), ...(isGenerated && { secret }) };
	},
};
