import type { INode } from 'n8n-workflow';

/** Whether the node runs as a tool of an AI agent: n8n ends its type with "Tool" then. */
export function isTool({ type }: Pick<INode, 'type'>): boolean {
	return type.endsWith('Tool');
}
