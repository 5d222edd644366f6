import { ExecuteContext, LoadOptionsContext } from 'n8n-core';
import {
	Workflow,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeListSearchResult,
	type INodeTypes,
	type IRunExecutionData,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { setMaxListeners } from 'node:events';

import { MindPeeker } from '../../../nodes/MindPeeker/MindPeeker.node.ts';
import type { Simulator } from '../../../simulator/index.mts';
import { credentialsHelper } from './credentialsHelper.mts';
import './executionsOf.mts';

export const WORKFLOW_ID = 'workflow-1';

/** The action node in n8n-core's own contexts, with a credential that leads to the simulator. */
export class NodeHost {
	readonly node = new MindPeeker();
	/** What n8n's log was told. */
	readonly log: string[] = [];
	/** What n8n keeps for the node between executions. */
	staticData: IDataObject = {};
	/** Fields laid over the credential. */
	credential: IDataObject = {};
	onError: INode['onError'] = undefined;
	/** Whether n8n repeats the node where it fails. */
	retryOnFail = false;
	name = 'MindPeeker';
	/** Whether a credential is chosen in the node. */
	hasCredential = true;
	type = 'n8n-nodes-mindpeeker.mindPeeker';
	/** Whether n8n gives the node a signal for the end of the execution, as it does in all executions. */
	isStoppable = true;
	/** How often the node was run before in this execution, as in a loop. */
	runIndex = 0;
	private stopping = new AbortController();

	constructor(private readonly simulator: Simulator) {
		this.beginExecution();
	}

	/** From now on the node runs in another execution. */
	beginExecution(): void {
		this.stopping = new AbortController();
		// n8n listens to it for each call, as it does for any node.
		setMaxListeners(0, this.stopping.signal);
	}

	/** As n8n runs the node with Retry On Fail: up to three times, as long as it or its first item fails. */
	async runWithRetries(...call: Parameters<NodeHost['run']>): Promise<INodeExecutionData[]> {
		this.retryOnFail = true;
		const [operation, parameters, items = [{ json: {} }]] = call;
		for (let tries = 1; ; tries++) {
			const isLast = tries === 3;
			const output = await this.run(operation, parameters, items).catch((error: Error) => {
				if (isLast) throw error;
			});
			if (output && (isLast || output[0]?.json.error === undefined)) return output;
		}
	}

	/** Runs an operation, such as `webhook.create`, once for each item. */
	async run(
		operation: string,
		parameters: IDataObject = {},
		items: INodeExecutionData[] = [{ json: {} }],
	): Promise<INodeExecutionData[]> {
		const { workflow, node, additionalData } = this.surroundings(operation, parameters);
		const runData = { resultData: { runData: {} } } as IRunExecutionData;
		const inputs = { main: [items] };
		const source = { data: inputs, node, source: null };
		const context = new ExecuteContext(
			workflow,
			node,
			additionalData,
			'trigger',
			runData,
			this.runIndex,
			items,
			inputs,
			source,
			[],
			this.isStoppable ? this.stopping.signal : undefined,
		);
		const write = (message: string) => void this.log.push(message);
		Object.defineProperty(context, 'logger', { value: { warn: write } });
		await workflow.expression.acquireIsolate?.();
		try {
			const [output] = await this.node.execute.call(context);
			return output ?? [];
		} finally {
			await workflow.expression.releaseIsolate?.();
			this.staticData = JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject;
		}
	}

	/** The data of the output. */
	async json(...call: Parameters<NodeHost['run']>): Promise<IDataObject[]> {
		return (await this.run(...call)).map(({ json }) => json);
	}

	/** What the list of webhooks to pick from shows. */
	async search(filter?: string): Promise<INodeListSearchResult> {
		const { workflow, node, additionalData } = this.surroundings('webhook.get', {});
		const context = new LoadOptionsContext(workflow, node, additionalData, '');
		return await this.node.methods.listSearch.searchWebhooks.call(context, filter);
	}

	/** As the user stops an execution. */
	stop(): void {
		this.stopping.abort();
	}

	private surroundings(operation: string, parameters: IDataObject) {
		const [resource, name] = operation.split('.');
		const node: INode = {
			id: 'node-1',
			name: this.name,
			type: this.type,
			typeVersion: 1,
			position: [0, 0],
			parameters: { resource, operation: name, ...parameters } as INode['parameters'],
			credentials: this.hasCredential
				? { mindPeekerApi: { id: '1', name: 'MindPeeker' } }
				: undefined,
			onError: this.onError,
			retryOnFail: this.retryOnFail,
		};
		const nodeTypes = { getByNameAndVersion: () => this.node } as unknown as INodeTypes;
		const workflow = new Workflow({
			id: WORKFLOW_ID,
			name: 'Actions',
			nodes: [node],
			connections: {},
			active: true,
			nodeTypes,
			staticData: structuredClone(this.staticData),
		});
		const { apiKey, baseUrl } = this.simulator;
		const credential = { apiKey, environment: 'custom', baseUrl, ...this.credential };
		const additionalData = {
			credentialsHelper: credentialsHelper(() => credential),
		} as unknown as IWorkflowExecuteAdditionalData;
		return { workflow, node, additionalData };
	}
}

/** A webhook as the node's parameter names it. */
export const byId = (id: string) => ({ __rl: true, mode: 'id', value: id });

/** What the user reads where it fails: the message and the description. */
export async function textOf(running: Promise<unknown>): Promise<string> {
	const error = await running.then(
		() => undefined,
		(failure: Error & { description?: string }) => failure,
	);
	return `${error?.message} | ${error?.description}`;
}
