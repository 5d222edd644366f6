import type { IExecuteFunctions, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

/** The trigger's parameters. */
export interface Settings {
	/** The chosen types of events, or `*` among them. */
	readonly events: readonly string[];
	/** Who makes the webhook at MindPeeker: this node, or the user. */
	readonly registration: 'automatic' | 'manual';
	/** Whether, and where, it is remembered which events were taken. */
	readonly deduplication: 'durable' | 'memory' | 'off';
}

type Context = IHookFunctions | IWebhookFunctions | IExecuteFunctions;

export function readSettings(context: Context): Settings {
	// Only an execute function may name an item, and it has to.
	const read = (name: string, fallback: unknown): unknown =>
		'getInputData' in context
			? context.getNodeParameter(name, 0, fallback)
			: context.getNodeParameter(name, fallback);
	const options = read('options', {}) as Partial<Settings>;
	return {
		events: textsOf(read('events', [])),
		registration: read('registration', 'automatic') as Settings['registration'],
		deduplication: options.deduplication ?? 'durable',
	};
}

/** An expression may give a single text where the screen gives a list. */
function textsOf(value: unknown): string[] {
	const values: unknown[] = Array.isArray(value) ? value : [value];
	return values.filter((entry): entry is string => typeof entry === 'string' && entry !== '');
}
