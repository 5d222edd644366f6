import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

/** The trigger's parameters. */
export interface Settings {
	/** The chosen types of events, or `*` among them. */
	readonly events: readonly string[];
	/** Who makes the webhook at MindPeeker: this node, or the user. */
	readonly registration: 'automatic' | 'manual';
}

export function readSettings(context: IHookFunctions | IWebhookFunctions): Settings {
	return {
		events: textsOf(context.getNodeParameter('events', [])),
		registration: context.getNodeParameter('registration', 'automatic') as Settings['registration'],
	};
}

/** An expression may give a single text where the screen gives a list. */
function textsOf(value: unknown): string[] {
	const values: unknown[] = Array.isArray(value) ? value : [value];
	return values.filter((entry): entry is string => typeof entry === 'string' && entry !== '');
}
