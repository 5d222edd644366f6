import type { CredentialImport, WorkflowImport, WorkflowNode } from '../../../lab/index.mts';
import type { Delivery } from '../../load.mts';

/** A way to start a workflow with a webhook. */
export interface Candidate {
	name: string;
	workflow: WorkflowImport & { id: string };
	/** Known once the workflow is published. */
	url(): string;
	/** A request with one event, signed as its sender does. */
	createDelivery(eventId: string): Delivery;
	/** The same request with a wrong signature; undefined if the candidate does not verify signatures. */
	createForgery?(eventId: string): Delivery;
	/** How the candidate responds to a wrong signature, and whether an execution starts. */
	rejection?: { status: number; startsExecution: boolean };
}

/** Candidates that share credentials or a server. */
export interface CandidateGroup {
	candidates: Candidate[];
	credentials?: CredentialImport[];
	close?(): Promise<void>;
}

type ChainedNode = Pick<
	WorkflowNode,
	'id' | 'name' | 'type' | 'typeVersion' | 'parameters' | 'credentials' | 'webhookId'
>;

/** Connects the nodes in a row and appends a No Operation node. */
export function createWorkflow(id: string, nodes: ChainedNode[]): WorkflowImport & { id: string } {
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

/** Changes the last digit of the signature. */
export function forge({ body, headers }: Delivery): Delivery {
	const forged = Object.entries(headers).map(([name, value]) => {
		const text = String(value);
		const isSignature = text.startsWith('sha256=');
		return [name, isSignature ? text.slice(0, -1) + (text.endsWith('0') ? '1' : '0') : text];
	});
	return { body, headers: Object.fromEntries(forged) as Record<string, string> };
}
