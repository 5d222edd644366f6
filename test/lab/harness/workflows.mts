import type { WorkflowImport } from '../../../dev/lab/index.mts';

/** A workflow with one trigger. */
export function oneNode(id: string, type: string, parameters: object): WorkflowImport {
	return {
		id,
		name: id,
		nodes: [
			{
				id: `${id}-trigger`,
				name: 'Trigger',
				type,
				typeVersion: 1,
				position: [0, 0],
				parameters: { ...parameters },
				webhookId: `${id}-webhook`,
			},
		],
		connections: {},
		settings: { executionOrder: 'v1' },
	};
}

/** n8n's own Webhook node, at `<url>/webhook/<path>`. */
export function webhookAt(path: string, id: string): WorkflowImport {
	return oneNode(id, 'n8n-nodes-base.webhook', { httpMethod: 'POST', path });
}
