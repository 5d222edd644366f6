import type { IExecuteFunctions, IHookFunctions, INode, IWebhookFunctions } from 'n8n-workflow';

/** What n8n passes to the functions of the trigger. */
export type TriggerContext = IHookFunctions | IWebhookFunctions | IExecuteFunctions;

/** Creates one value per node of a workflow, on first use. The value lives as long as the process. */
export function memoizePerNode<T>(
	create: (context: TriggerContext) => T,
): (context: TriggerContext) => T {
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
export function getCachedNode(context: TriggerContext): Pick<INode, 'id' | 'name'> {
	const node = nodes.get(context) ?? context.getNode();
	nodes.set(context, node);
	return node;
}
