import type { IExecuteFunctions, IHookFunctions, INode, IWebhookFunctions } from 'n8n-workflow';

type Context = IWebhookFunctions | IExecuteFunctions | IHookFunctions;

/** Gives each node of each workflow one of its own, made when first asked for and kept as long as this process. */
export function perNode<T>(make: (context: Context) => T): (context: Context) => T {
	const made = new Map<string, T>();
	return (context) => {
		const key = `${context.getWorkflow().id} ${nodeOf(context).id}`;
		const own = made.get(key) ?? make(context);
		made.set(key, own);
		return own;
	};
}

const nodes = new WeakMap<object, Pick<INode, 'id' | 'name'>>();

/** The node that a request or an execution is for; n8n copies all of it whenever it is asked. */
export function nodeOf(context: Context): Pick<INode, 'id' | 'name'> {
	const node = nodes.get(context) ?? context.getNode();
	nodes.set(context, node);
	return node;
}
