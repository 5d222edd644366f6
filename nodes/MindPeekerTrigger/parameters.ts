import type { IExecuteFunctions, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import type { ReceptionSettings } from './reception';

/** What the user sets under "Options". */
interface Options extends Omit<ReceptionSettings, 'events'> {
	/** Whether, and where, it is remembered which events were taken. */
	readonly deduplication: 'durable' | 'memory' | 'off';
}

/** The trigger's parameters. */
export interface Settings extends Options {
	/** The chosen types of events, or `*` among them. */
	readonly events: readonly string[];
	/** Who makes the webhook at MindPeeker: this node, or the user. */
	readonly registration: 'automatic' | 'manual';
}

/** What holds where the user set nothing: no optional check but deduplication. */
const DEFAULTS: Options = {
	deduplication: 'durable',
	livemode: 'all',
	maxEventAge: 0,
	minimumConfidence: 0,
};

type Context = IHookFunctions | IWebhookFunctions | IExecuteFunctions;

export function readSettings(context: Context): Settings {
	// Only an execute function may name an item, and it has to.
	const read = (name: string, fallback: unknown): unknown =>
		'getInputData' in context
			? context.getNodeParameter(name, 0, fallback)
			: context.getNodeParameter(name, fallback);
	return {
		...DEFAULTS,
		...(read('options', {}) as Partial<Options>),
		events: textsOf(read('events', [])),
		registration: read('registration', 'automatic') as Settings['registration'],
	};
}

/** While the editor listens for a test event, only address, signature, shape and type count. */
export function forTestEvent({ events, registration, allowedIps }: Settings): Settings {
	return { ...DEFAULTS, deduplication: 'off', events, registration, allowedIps };
}

/** An expression may give a single text where the screen gives a list. */
function textsOf(value: unknown): string[] {
	const values: unknown[] = Array.isArray(value) ? value : [value];
	return values.filter((entry): entry is string => typeof entry === 'string' && entry !== '');
}
