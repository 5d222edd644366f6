import type { Credentials } from './credentials.mts';
import { ENDED, type Execution, type Executions } from './executions.mts';
import type { Publisher } from './publisher.mts';
import type { RestClient } from './restClient.mts';
import { pollUntil } from './pollUntil.mts';

export interface WorkflowNode {
	id?: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string | null; name: string }>;
	webhookId?: string;
	[more: string]: unknown;
}

/** A workflow as n8n exports it. */
export interface WorkflowImport {
	/** Default: assigned by n8n. */
	id?: string;
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
	[more: string]: unknown;
}

export interface Workflow extends WorkflowImport {
	id: string;
	active: boolean;
	versionId: string;
}

export interface TestListener {
	/** Waits for the event's execution. Rejects with a LabError after the timeout. */
	received(timeoutMs: number): Promise<Execution>;
	/** Resolves before the trigger has removed its webhook. */
	cancel(): Promise<void>;
}

/** n8n's workflows. Methods reject with a RestError. */
export class Workflows {
	private readonly publisher: Publisher;

	constructor(
		private readonly rest: RestClient,
		private readonly url: string,
		private readonly credentials: Credentials,
		private readonly executions: Executions,
		private readonly lastLines: () => string,
	) {
		this.publisher = new rest.release.Publisher(rest, lastLines);
	}

	/** Creates unpublished workflows. n8n 1.x assigns other ids. They may refer to credentials by the ids these were imported with. */
	async import(...workflows: WorkflowImport[]): Promise<Workflow[]> {
		const created: Workflow[] = [];
		for (const workflow of workflows) {
			const { tags: _tags, ...content } = workflow;
			const body = { ...content, active: false, nodes: this.withCredentials(workflow.nodes) };
			created.push(await this.rest.request('POST', '/workflows', body));
		}
		return created;
	}

	async get(id: string): Promise<Workflow> {
		return await this.rest.request('GET', `/workflows/${id}`);
	}

	/**
	 * Publishes a workflow's latest version and waits until n8n has done so. Rejects with a PublishError that contains
	 * n8n's message.
	 */
	async publish(id: string): Promise<void> {
		await this.publisher.publish(id);
	}

	/** Unpublishes a workflow and waits until its triggers are inactive. */
	async unpublish(id: string): Promise<void> {
		await this.publisher.unpublish(id);
	}

	/** Saves changes as the editor does. A published workflow is published again. */
	async update(id: string, change: Partial<WorkflowImport>): Promise<void> {
		const { name, nodes, connections, settings, active } = await this.get(id);
		const content = { name, nodes, connections, settings, ...change };
		await this.rest.request('PATCH', `/workflows/${id}`, {
			...content,
			nodes: this.withCredentials(content.nodes),
		});
		if (active && !this.publisher.publishesOnSave) await this.publish(id);
	}

	/** Deletes a workflow, after unpublishing it if necessary. */
	async delete(id: string): Promise<void> {
		if ((await this.get(id)).active) await this.unpublish(id);
		await this.rest.request('POST', `/workflows/${id}/archive`, {});
		await this.rest.request('DELETE', `/workflows/${id}`);
	}

	/**
	 * The URL of a trigger's webhook. Not for n8n's Webhook node, whose URL is `<url>/webhook/<path>`.
	 */
	async getWebhookUrl(id: string, nodeName: string, path: string, test = false): Promise<string> {
		const node = (await this.get(id)).nodes.find(({ name }) => name === nodeName);
		return `${this.url}/webhook${test ? '-test' : ''}/${node?.webhookId}/${path}`;
	}

	/**
	 * Starts "Listen for test event". It ends with the event, with `cancel` or after two minutes. Rejects with n8n's
	 * message if the trigger fails.
	 */
	async listenForTestEvent(id: string, triggerNodeName: string): Promise<TestListener> {
		const before = new Set((await this.executions.list({ workflowId: id })).map((one) => one.id));
		await this.rest.request('POST', `/workflows/${id}/run`, {
			triggerToStartFrom: { name: triggerNodeName },
			workflowData: await this.get(id), // for n8n 1.x
		});
		return {
			received: async (timeoutMs) =>
				await pollUntil({
					what: `a test event at ${triggerNodeName}`,
					timeoutMs,
					poll: async () => {
						const ended = await this.executions.list({ workflowId: id, status: ENDED });
						const fresh = ended.find((one) => one.mode === 'manual' && !before.has(one.id));
						return fresh && (await this.executions.get(fresh.id));
					},
					hint: this.lastLines,
				}),
			cancel: async () => {
				await this.rest.request('DELETE', `/test-webhook/${id}`);
			},
		};
	}

	private withCredentials(nodes: WorkflowNode[]): WorkflowNode[] {
		return nodes.map((node) => {
			const entries = Object.entries(node.credentials ?? {}).map(([type, { id, name }]) => [
				type,
				{ id: id && this.credentials.resolveId(id), name },
			]);
			return node.credentials ? { ...node, credentials: Object.fromEntries(entries) } : node;
		});
	}
}
