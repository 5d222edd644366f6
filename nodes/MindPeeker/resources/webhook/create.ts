import { generateSecret } from '../../../shared/registration/secret';
import type { CallTexts } from '../../../shared/webhooks';
import type { Operation } from '../../operation';
import { noSecret, readSecrets, secretFields } from '../secret';
import { active, events, readEvents, readUrl, shown, url } from './fields';

const GENERATE = {
	name: 'Generate',
	value: 'generate',
	description: '32 random bytes, shown in the output this once',
};

const TEXTS: CallTexts = {
	texts: {
		409: {
			message: 'MindPeeker has a webhook for this URL already',
			advice: 'Choose the operation Create or Update, or delete the other one.',
		},
	},
	adviceIfDone:
		'The webhook may have been created all the same. Look under Get Many before you try again, or choose Create or Update.',
};

export const create: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create webhook',
	description: 'Register a webhook for some types of events',
	fields: [url, events, ...secretFields('What MindPeeker signs deliveries with', GENERATE), active],
	writes: 'nonIdempotent',
	async run(item) {
		const source = item.optional('secretSource') ?? GENERATE.value;
		const isGenerated = source === GENERATE.value;
		const secret = isGenerated ? generateSecret() : (await readSecrets(item)).current;
		if (secret === undefined) throw noSecret(item);
		const webhook = {
			url: await readUrl(item),
			events: readEvents(item, item.read('events')),
			secret,
			active: item.flag(item.optional('active') ?? true, 'Active'),
		};
		const { webhooks } = await item.account();
		const created = await webhooks.create(webhook, TEXTS);
		return { ...shown(created), ...(isGenerated && { secret }) };
	},
};
