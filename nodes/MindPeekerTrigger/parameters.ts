import type { IExecuteFunctions, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import type { ReceptionSettings } from './reception/receive';

/** What the user sets under "Options". */
interface Options extends Omit<ReceptionSettings, 'events'> {
	/** Whether, and where, it is remembered which events were taken. */
	readonly deduplication: 'durable' | 'memory' | 'off';
	/** Whether the workflow gets the event's data on top instead of the event as it was sent. */
	readonly simplify: boolean;
	/** Whether MindPeeker is asked for a test delivery when the editor begins to listen. */
	readonly sendTestEvent: boolean;
}

/** The trigger's parameters. */
export interface Settings extends Options {
	/** The chosen types of events, or `*` among them. */
	readonly events: readonly string[];
	/** Who makes the webhook at MindPeeker: this node, or the user. */
	readonly registration: 'automatic' | 'manual';
	/** One output for all events, or one for each of the chosen. */
	readonly output: 'single' | 'perEvent';
}

/** What holds where the user set nothing: no optional check but deduplication. */
const DEFAULTS: Options = {
	deduplication: 'durable',
	livemode: 'all',
	maxEventAge: 0,
	minimumConfidence: 0,
	simplify: false,
	sendTestEvent: true,
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
		output: read('output', 'single') as Settings['output'],
	};
}

/** While the editor listens for a test event, only address, signature, shape and type count. */
export function forTestEvent(settings: Settings): Settings {
	return {
		...settings,
		deduplication: 'off',
		livemode: DEFAULTS.livemode,
		maxEventAge: DEFAULTS.maxEventAge,
		minimumConfidence: DEFAULTS.minimumConfidence,
	};
}

/** An expression may give a single text where the screen gives a list. */
function textsOf(value: unknown): string[] {
	const values: unknown[] = Array.isArray(value) ? value : [value];
	return values.filter((entry): entry is string => typeof entry === 'string' && entry !== '');
}
