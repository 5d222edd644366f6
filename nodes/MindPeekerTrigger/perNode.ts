import type { IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';

type Context = IWebhookFunctions | IExecuteFunctions;

/** Gives each node of each workflow one of its own, made when first asked for and kept as long as this process. */
export function perNode<T>(make: (context: Context) => T): (context: Context) => T {
	const made = new Map<string, T>();
	return (context) => {
		const key = `${context.getWorkflow().id} ${context.getNode().id}`;
		const own = made.get(key) ?? make(context);
		made.set(key, own);
		return own;
	};
}
