import type { Credentials } from './credentials.mts';
import { PublicationError, RestError } from './errors.mts';
import { ENDED, type Execution, type Executions } from './executions.mts';
import type { Rest } from './rest.mts';
import { waitFor } from './wait.mts';

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
	/** Kept; n8n gives one where it is missing. */
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

export interface TestListening {
	/** Waits for the event. Rejects with a LabError when the time is up. */
	received(timeoutMs: number): Promise<Execution>;
	/** n8n answers before the trigger has unregistered, which takes it a moment longer. */
	cancel(): Promise<void>;
}

interface PublicationStatus {
	status: 'in_progress' | 'not_published' | 'published' | 'partial' | 'failed';
	triggers: Array<{ errorMessage: string | null }>;
}

const PUBLICATION_MS = 60_000; // n8n tries for 15 s, and each try may take as long as a service does

/** n8n's workflows. Methods reject with a RestError where n8n refuses. */
export class Workflows {
	constructor(
		private readonly rest: Rest,
		private readonly url: string,
		private readonly credentials: Credentials,
		private readonly executions: Executions,
		private readonly lastLines: () => string,
	) {}

	/** Creates workflows, unpublished. Ids are kept; credentials may be named by their given ids. */
	async import(...workflows: WorkflowImport[]): Promise<Workflow[]> {
		const created: Workflow[] = [];
		for (const workflow of workflows) {
			const { active: _active, tags: _tags, ...content } = workflow;
			const nodes = this.withCredentials(workflow.nodes);
			created.push(await this.rest.request('POST', '/workflows', { ...content, nodes }));
		}
		return created;
	}

	async get(id: string): Promise<Workflow> {
		return await this.rest.request('GET', `/workflows/${id}`);
	}

	/**
	 * Publishes a workflow's latest version and waits for the outcome.
	 * Rejects with a PublicationError, n8n's own text in it, where it fails.
	 */
	async publish(id: string): Promise<void> {
		const { versionId } = await this.get(id);
		try {
			await this.rest.request('POST', `/workflows/${id}/activate`, { versionId });
		} catch (error) {
			if (error instanceof RestError) throw new PublicationError(id, [error.reason]);
			throw error;
		}
		const { status, triggers } = await this.settled(id, 'published');
		if (status === 'published') return;
		const reasons = triggers.flatMap(({ errorMessage }) => errorMessage ?? []);
		throw new PublicationError(id, reasons.length > 0 ? reasons : [`it is ${status}`]);
	}

	/** Unpublishes a workflow and waits until its triggers are off. */
	async unpublish(id: string): Promise<void> {
		await this.rest.request('POST', `/workflows/${id}/deactivate`, {});
		await this.settled(id, 'unpublished');
	}

	/** Saves changes as the editor does and, where the workflow is published, publishes them. */
	async update(id: string, change: Partial<WorkflowImport>): Promise<void> {
		const { name, nodes, connections, settings, active } = await this.get(id);
		const content = { name, nodes, connections, settings, ...change };
		await this.rest.request('PATCH', `/workflows/${id}`, {
			...content,
			nodes: this.withCredentials(content.nodes),
		});
		if (active) await this.publish(id);
	}

	/** Unpublishes a workflow where need be, waits for that, and deletes it. */
	async delete(id: string): Promise<void> {
		if ((await this.get(id)).active) await this.unpublish(id);
		await this.rest.request('POST', `/workflows/${id}/archive`, {});
		await this.rest.request('DELETE', `/workflows/${id}`);
	}

	/**
	 * The address of a trigger's webhook, where the node's description does not make the path the
	 * whole address (n8n's own Webhook node does: `<url>/webhook/<path>`).
	 */
	async webhookUrl(id: string, nodeName: string, path: string, test = false): Promise<string> {
		const node = (await this.get(id)).nodes.find(({ name }) => name === nodeName);
		return `${this.url}/webhook${test ? '-test' : ''}/${node?.webhookId}/${path}`;
	}

	/**
	 * The editor's "Listen for test event": from now on until the event, `cancel` or two minutes.
	 * Rejects with n8n's text where the trigger can't listen.
	 */
	async listenForTestEvent(id: string, triggerNodeName: string): Promise<TestListening> {
		const before = new Set((await this.executions.list({ workflowId: id })).map((one) => one.id));
		await this.rest.request('POST', `/workflows/${id}/run`, {
			triggerToStartFrom: { name: triggerNodeName },
		});
		return {
			received: async (timeoutMs) =>
				await waitFor({
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

	private async settled(id: string, as: 'published' | 'unpublished'): Promise<PublicationStatus> {
		return await waitFor({
			what: `workflow ${id} to be ${as}`,
			timeoutMs: PUBLICATION_MS,
			poll: async () => {
				const path = `/workflows/${id}/publication-status`;
				const publication = await this.rest.request<PublicationStatus>('GET', path);
				// n8n looks at what is under way and at what there is at once, and may miss both when the one becomes the other.
				const isThere = !/^(in_progress|not_published)$/.test(publication.status);
				const isDone = as === 'published' ? isThere : publication.status === 'not_published';
				return isDone ? publication : undefined;
			},
			hint: this.lastLines,
		});
	}

	private withCredentials(nodes: WorkflowNode[]): WorkflowNode[] {
		return nodes.map((node) => {
			const entries = Object.entries(node.credentials ?? {}).map(([type, { id, name }]) => [
				type,
				{ id: id && this.credentials.idOf(id), name },
			]);
			return node.credentials ? { ...node, credentials: Object.fromEntries(entries) } : node;
		});
	}
}
