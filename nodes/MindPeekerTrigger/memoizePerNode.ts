import type { IExecuteFunctions, IHookFunctions, INode, IWebhookFunctions } from 'n8n-workflow';

type Context = IWebhookFunctions | IExecuteFunctions | IHookFunctions;

/** Creates one value per node of a workflow, on first use. The value lives as long as the process. */
export function memoizePerNode<T>(create: (context: Context) => T): (context: Context) => T {
	const values = new Map<string, T>();
	return (context) => {
		const key = `${context.getWorkflow().id} ${getCachedNode(context).id}`;
		const value = values.get(key) ?? create(context);
		values.set(key, value);
		return value;
	};
}

const nodes = new WeakMap<object, Pick<INode, 'id' | 'name'>>();

/** The node of a request or execution. Cached, because `getNode` copies the node on every call. */
export function getCachedNode(context: Context): Pick<INode, 'id' | 'name'> {
	const node = nodes.get(context) ?? context.getNode();
	nodes.set(context, node);
	return node;
}
