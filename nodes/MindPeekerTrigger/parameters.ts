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
		events: context.getNodeParameter('events', []) as string[],
		registration: context.getNodeParameter('registration', 'automatic') as Settings['registration'],
	};
}
