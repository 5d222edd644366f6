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
import './deduplicationStore.mts';

export const WORKFLOW_ID = 'workflow-1';

/** Runs the action node in the contexts of n8n-core, with a credential for the simulator. */
export class NodeHost {
	readonly node = new MindPeeker();
	/** The messages that the node logged. */
	readonly log: string[] = [];
	staticData: IDataObject = {};
	/** Overrides fields of the credential. */
	credential: IDataObject = {};
	onError: INode['onError'] = undefined;
	retryOnFail = false;
	name = 'MindPeeker';
	hasCredential = true;
	type = 'n8n-nodes-mindpeeker.mindPeeker';
	/** Whether the context has a cancel signal. n8n provides one in every execution. */
	hasCancelSignal = true;
	/** The number of previous runs in this execution, as in a loop. */
	runIndex = 0;
	private cancellation = new AbortController();

	constructor(private readonly simulator: Simulator) {
		this.startExecution();
	}

	/** Later runs belong to another execution. */
	startExecution(): void {
		this.cancellation = new AbortController();
		// n8n adds a listener for each request.
		setMaxListeners(0, this.cancellation.signal);
	}

	/** Runs the node as n8n does with Retry On Fail: up to three times while the node or its first item fails. */
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

	/** Runs an operation, such as `webhook.create`. */
	async run(
		operation: string,
		parameters: IDataObject = {},
		items: INodeExecutionData[] = [{ json: {} }],
	): Promise<INodeExecutionData[]> {
		const { workflow, node, additionalData } = this.createContext(operation, parameters);
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
			this.hasCancelSignal ? this.cancellation.signal : undefined,
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

	/** Runs an operation and returns the `json` of the output items. */
	async json(...call: Parameters<NodeHost['run']>): Promise<IDataObject[]> {
		return (await this.run(...call)).map(({ json }) => json);
	}

	/** Returns the list of the resource locator. */
	async search(filter?: string): Promise<INodeListSearchResult> {
		const { workflow, node, additionalData } = this.createContext('webhook.get', {});
		const context = new LoadOptionsContext(workflow, node, additionalData, '');
		return await this.node.methods.listSearch.searchWebhooks.call(context, filter);
	}

	/** Evaluates the subtitle of the node, as the editor does. */
	async getSubtitle(operation: string): Promise<unknown> {
		const { workflow, node } = this.createContext(operation, {});
		const { subtitle } = this.node.description;
		await workflow.expression.acquireIsolate?.();
		try {
			return workflow.expression.getSimpleParameterValue(node, subtitle, 'internal', {});
		} finally {
			await workflow.expression.releaseIsolate?.();
		}
	}

	/** Stops the execution, as a user does. */
	cancel(): void {
		this.cancellation.abort();
	}

	private createContext(operation: string, parameters: IDataObject) {
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

/** The value of the resource locator for an ID. */
export const byId = (id: string) => ({ __rl: true, mode: 'id', value: id });

/** Returns the message and the description of the error. */
export async function getErrorText(result: Promise<unknown>): Promise<string> {
	const error = await result.then(
		() => undefined,
		(reason: Error & { description?: string }) => reason,
	);
	return `${error?.message} | ${error?.description}`;
}
