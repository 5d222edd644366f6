import type { CredentialImport, WorkflowImport, WorkflowNode } from '../../../lab/index.mts';
import type { Delivery } from '../../load.mts';

/** A way to start a workflow from a webhook. */
export interface Contender {
	name: string;
	workflow: WorkflowImport & { id: string };
	/** Where it takes deliveries, once it is published. */
	url(): string;
	/** The delivery of one event, as its service would sign it. */
	delivery(eventId: string): Delivery;
	/** The same with a wrong signature; missing where nothing is verified. */
	forged?(eventId: string): Delivery;
	/** What it answers to a forgery, and whether an execution starts all the same. */
	refusal?: { status: number; startsExecution: boolean };
}

/** Contenders that come together, and what they need. */
export interface Group {
	contenders: Contender[];
	credentials?: CredentialImport[];
	close?(): Promise<void>;
}

type ChainedNode = Pick<
	WorkflowNode,
	'id' | 'name' | 'type' | 'typeVersion' | 'parameters' | 'credentials' | 'webhookId'
>;

/** Nodes one after the other, and a last one that does nothing. */
export function chain(id: string, nodes: ChainedNode[]): WorkflowImport & { id: string } {
	const last = { name: 'Last', type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} };
	const all = [...nodes, last].map(
		(node, index): WorkflowNode => ({ ...node, position: [index * 220, 0] }),
	);
	const connections = all
		.slice(1)
		.map((node, index) => [
			all[index]!.name,
			{ main: [[{ node: node.name, type: 'main', index: 0 }]] },
		]);
	return { id, name: id, nodes: all, connections: Object.fromEntries(connections) };
}

/** Turns a valid delivery into one whose signature is wrong in its last digit. */
export function withWrongSignature({ body, headers }: Delivery): Delivery {
	const wrong = Object.entries(headers).map(([name, value]) => {
		const text = String(value);
		const isSignature = text.startsWith('sha256=');
		return [name, isSignature ? text.slice(0, -1) + (text.endsWith('0') ? '1' : '0') : text];
	});
	return { body, headers: Object.fromEntries(wrong) as Record<string, string> };
}
