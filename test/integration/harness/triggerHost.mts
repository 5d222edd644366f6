import express, { type Request, type Response } from 'express';
import { HookContext, WebhookContext } from 'n8n-core';
import {
	Workflow,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeTypes,
	type IWebhookData,
	type IWorkflowExecuteAdditionalData,
	type WorkflowActivateMode,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { MindPeekerTrigger } from '../../../nodes/MindPeekerTrigger/MindPeekerTrigger.node.ts';
import { credentialsHelper } from './credentialsHelper.mts';

export interface TriggerSetup {
	parameters: IDataObject;
	credential: IDataObject;
	/** The base URL in n8n's settings; by default the URL of this server. */
	webhookBaseUrl?: string;
	/** `node-1` by default. Undefined for a node without a webhook ID. */
	webhookId?: string;
	/** 1.1 by default. */
	typeVersion?: number;
}

export interface LogLine {
	level: 'debug' | 'info' | 'warn' | 'error';
	message: string;
	metadata?: IDataObject;
}

type Lifecycle = 'checkExists' | 'create' | 'delete';

/**
 * Runs the trigger in the contexts of n8n-core behind a real HTTP server. As n8n, it saves static data only after the
 * lifecycle methods. It does not read a body of an unknown type, and cannot read a multipart body again.
 */
export class TriggerHost {
	/** The items of each execution that was stored, in order. */
	readonly executions: INodeExecutionData[][] = [];
	/** The items that `webhook()` returned for each execution, stored or not, in order. */
	readonly results: INodeExecutionData[][] = [];
	/** Whether n8n sent a response after the trigger had sent one. */
	hasRespondedTwice = false;
	/** The number of requests that the trigger received. */
	requests = 0;
	/** The number of requests whose response was sent, or whose sender disconnected. */
	closedRequests = 0;
	/** If false, n8n responds with 500. */
	canStoreExecutions = true;
	/** Called while n8n stores an execution, before the response. */
	onStore: () => Promise<void> = async () => {};
	/** Returns whether the workflow succeeds. With the path for `finished`, n8n responds afterwards. */
	onRun: () => Promise<boolean> = async () => true;
	readonly log: LogLine[] = [];
	/** The static data in n8n's database. */
	savedStaticData: IDataObject = {};
	readonly workflowId = randomUUID();
	private readonly trigger = new MindPeekerTrigger();
	private server?: ReturnType<ReturnType<typeof express>['listen']>;
	private baseUrl = '';

	constructor(public setup: TriggerSetup) {}

	async start(): Promise<this> {
		const app = express().post('/:kind/:id/:path', async (request, response) => {
			await this.receive(request, response);
		});
		const server = app.listen(0, '127.0.0.1');
		await new Promise((resolve) => server.once('listening', resolve));
		this.server = server;
		this.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		return this;
	}

	async stop(): Promise<void> {
		this.server?.closeAllConnections();
		await new Promise((resolve) => this.server?.close(resolve));
	}

	get url(): string {
		return `${this.baseUrl}/webhook/node-1/mindpeeker`;
	}

	/** On this URL n8n responds when the workflow has finished. */
	get finishedUrl(): string {
		return `${this.url}-finished`;
	}

	/** On this URL n8n receives requests while the editor listens for a test event. */
	get testUrl(): string {
		return this.url.replace('/webhook/', '/webhook-test/');
	}

	/** Publishes as n8n does: calls `create` if `checkExists` returns false. */
	async publish(activation: WorkflowActivateMode = 'activate'): Promise<void> {
		if (!(await this.run('checkExists', activation))) await this.run('create', activation);
	}

	/** Publishes up to five times, and cleans up after each error, as n8n does. */
	async publishWithRetries(): Promise<void> {
		for (let attempt = 1; attempt < 5; attempt++) {
			const error = await this.publish().catch((reason: Error) => reason);
			if (!error) return;
			await this.run('delete').catch(() => {});
		}
		await this.publish();
	}

	async unpublish(): Promise<void> {
		await this.run('delete', 'update');
	}

	/** Publishes a changed trigger as n8n does: unpublishes the old one first. */
	async republish(parameters: IDataObject): Promise<void> {
		await this.unpublish();
		this.setup = { ...this.setup, parameters };
		await this.publish('update');
	}

	/** Runs a lifecycle method. Static data is saved only if the method succeeds. */
	async run(method: Lifecycle, activation: WorkflowActivateMode = 'activate'): Promise<boolean> {
		const { workflow, node, additionalData } = this.createContext(
			structuredClone(this.savedStaticData),
		);
		const mode: WorkflowExecuteMode = activation === 'manual' ? 'manual' : 'trigger';
		const isTest = { isTest: activation === 'manual' } as IWebhookData;
		const context = this.withLog(
			new HookContext(workflow, node, additionalData, mode, activation, isTest),
		);
		const result = await this.trigger.webhookMethods.default[method].call(context);
		this.savedStaticData = JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject;
		return result;
	}

	private async receive(request: Request, response: Response): Promise<void> {
		const isMultipart = request.headers['content-type']?.startsWith('multipart/');
		const isKnownType = /json|text|xml|form-urlencoded/.test(request.headers['content-type'] ?? '');
		const withBody = Object.assign(request, {
			readRawBody: async () => {
				if (isMultipart) throw new Error('Failed to parse body');
				withBody.rawBody ??= await buffer(request);
			},
			rawBody: undefined as Buffer | undefined,
		});
		if (isKnownType) await withBody.readRawBody();

		const { workflow, node, additionalData } = this.createContext(
			structuredClone(this.savedStaticData),
		);
		Object.assign(additionalData, { httpRequest: withBody, httpResponse: response });
		const mode = request.params.kind === 'webhook-test' ? 'manual' : 'webhook';
		const webhookDescription = this.trigger.description.webhooks?.find(
			({ path }) => path === request.params.path,
		);
		const webhookData = { webhookDescription } as IWebhookData;
		const context = this.withLog(
			new WebhookContext(workflow, node, additionalData, mode, webhookData, [], null),
		);
		this.requests++;
		response.once('close', () => this.closedRequests++);
		const result = await this.trigger.webhook.call(context);
		if (result.workflowData) {
			this.results.push(...result.workflowData);
			await this.onStore();
			if (!this.canStoreExecutions) return void response.status(500).send('Could not store');
			this.executions.push(...result.workflowData);
		}
		if (result.noWebhookResponse) return;
		this.hasRespondedTwice ||= response.headersSent;
		if (webhookDescription?.responseMode !== 'lastNode') {
			return void response.send(result.webhookResponse);
		}
		if (await this.onRun()) response.end();
		else response.status(500).json({ message: 'Error in workflow' });
	}

	createExecutionContext() {
		return { ...this.createContext({}), trigger: this.trigger };
	}

	/** Redirects the log of a context from the console to this host. */
	withLog<T extends object>(context: T): T {
		const write = (level: LogLine['level']) => (message: string, metadata?: IDataObject) =>
			this.log.push({ level, message, metadata });
		const logger = {
			debug: write('debug'),
			info: write('info'),
			warn: write('warn'),
			error: write('error'),
		};
		return Object.defineProperty(context, 'logger', { value: logger });
	}

	private createContext(staticData: IDataObject) {
		const node: INode = {
			id: 'node-1',
			name: 'MindPeeker Trigger',
			type: 'n8n-nodes-mindpeeker.mindPeekerTrigger',
			typeVersion: this.setup.typeVersion ?? 1.1,
			position: [0, 0],
			webhookId: 'webhookId' in this.setup ? this.setup.webhookId : 'node-1',
			parameters: this.setup.parameters as INode['parameters'],
			credentials: { mindPeekerApi: { id: '1', name: 'MindPeeker' } },
		};
		const nodeTypes = { getByNameAndVersion: () => this.trigger } as unknown as INodeTypes;
		const workflow = new Workflow({
			id: this.workflowId,
			name: 'Events',
			nodes: [node],
			connections: {},
			active: true,
			nodeTypes,
			staticData,
		});
		const base = this.setup.webhookBaseUrl ?? this.baseUrl;
		const additionalData = {
			webhookBaseUrl: `${base}/webhook`,
			webhookTestBaseUrl: `${base}/webhook-test`,
			credentialsHelper: credentialsHelper(() => this.setup.credential),
		} as unknown as IWorkflowExecuteAdditionalData;
		return { workflow, node, additionalData };
	}
}
