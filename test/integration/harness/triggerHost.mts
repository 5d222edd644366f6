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
	/** What n8n takes its own address for; where it really listens if left out. */
	webhookBaseUrl?: string;
	/** The node's; `node-1` if missing, and none if it is undefined. */
	webhookId?: string;
	/** 1.1 if missing. */
	typeVersion?: number;
}

export interface LogLine {
	level: 'debug' | 'info' | 'warn' | 'error';
	message: string;
	metadata?: IDataObject;
}

type Lifecycle = 'checkExists' | 'create' | 'delete';

/**
 * The trigger in n8n-core's own contexts behind a real HTTP server, with n8n's habits around it: static
 * data is saved after the lifecycle methods and at no other time, a body of unknown type is left unread, and
 * one of several parts cannot be read any more.
 */
export class TriggerHost {
	/** What every started execution was given, in order. */
	readonly executions: INodeExecutionData[][] = [];
	/** What `webhook()` gave for each execution, stored or not, in order. */
	readonly brought: INodeExecutionData[][] = [];
	/** Whether n8n answered a request that the trigger had answered. */
	answeredTwice = false;
	/** How many requests the trigger was given. */
	requests = 0;
	/** How many of them nobody waits for any more, or have their answer. */
	closed = 0;
	/** Whether n8n can store executions: what it answers 500 where it cannot. */
	canStore = true;
	/** Called while n8n stores an execution, before it answers. */
	whileStoring: () => Promise<void> = async () => {};
	/** Whether the workflow succeeds: what n8n waits for where it answers at the end. */
	whileRunning: () => Promise<boolean> = async () => true;
	/** What n8n's log was told. */
	readonly log: LogLine[] = [];
	/** What n8n would have in its database. */
	savedStaticData: IDataObject = {};
	readonly workflowId = randomUUID();
	private readonly trigger = new MindPeekerTrigger();
	private server?: ReturnType<ReturnType<typeof express>['listen']>;
	private ownBaseUrl = '';

	constructor(public setup: TriggerSetup) {}

	async start(): Promise<this> {
		const app = express().post('/:kind/:id/:path', async (request, response) => {
			await this.receive(request, response);
		});
		const server = app.listen(0, '127.0.0.1');
		await new Promise((resolve) => server.once('listening', resolve));
		this.server = server;
		this.ownBaseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		return this;
	}

	async stop(): Promise<void> {
		this.server?.closeAllConnections();
		await new Promise((resolve) => this.server?.close(resolve));
	}

	get url(): string {
		return `${this.ownBaseUrl}/webhook/node-1/mindpeeker`;
	}

	/** Where n8n answers when the workflow has ended. */
	get urlOfFinished(): string {
		return `${this.url}-finished`;
	}

	/** Where n8n answers while the editor listens. */
	get testUrl(): string {
		return this.url.replace('/webhook/', '/webhook-test/');
	}

	/** As n8n publishes: asks whether the webhook is there, and has it made where it is not. */
	async publish(activation: WorkflowActivateMode = 'activate'): Promise<void> {
		if (!(await this.run('checkExists', activation))) await this.run('create', activation);
	}

	/** As n8n tries again where a publication fails: five times, with a clean-up each time. */
	async publishWithRetries(): Promise<void> {
		for (let attempt = 1; attempt < 5; attempt++) {
			const failure = await this.publish().catch((error: Error) => error);
			if (!failure) return;
			await this.run('delete').catch(() => {});
		}
		await this.publish();
	}

	async unpublish(): Promise<void> {
		await this.run('delete', 'update');
	}

	/** As n8n publishes a changed trigger: the old node is taken off first. */
	async republish(parameters: IDataObject): Promise<void> {
		await this.unpublish();
		this.setup = { ...this.setup, parameters };
		await this.publish('update');
	}

	/** One lifecycle method, on static data from the database, which it changes only if it succeeds. */
	async run(method: Lifecycle, activation: WorkflowActivateMode = 'activate'): Promise<boolean> {
		const { workflow, node, additionalData } = this.surroundings(
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

		const { workflow, node, additionalData } = this.surroundings(
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
		response.once('close', () => this.closed++);
		const result = await this.trigger.webhook.call(context);
		if (result.workflowData) {
			this.brought.push(...result.workflowData);
			await this.whileStoring();
			if (!this.canStore) return void response.status(500).send('Could not store');
			this.executions.push(...result.workflowData);
		}
		if (result.noWebhookResponse) return;
		this.answeredTwice ||= response.headersSent;
		if (webhookDescription?.responseMode !== 'lastNode') {
			return void response.send(result.webhookResponse);
		}
		if (await this.whileRunning()) response.end();
		else response.status(500).json({ message: 'Error in workflow' });
	}

	/** What an execution of the workflow runs in. */
	forExecution() {
		return { ...this.surroundings({}), trigger: this.trigger };
	}

	/** Lets a context write to this host's log instead of n8n's, which goes to the screen. */
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

	private surroundings(staticData: IDataObject) {
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
		const base = this.setup.webhookBaseUrl ?? this.ownBaseUrl;
		const additionalData = {
			webhookBaseUrl: `${base}/webhook`,
			webhookTestBaseUrl: `${base}/webhook-test`,
			credentialsHelper: credentialsHelper(() => this.setup.credential),
		} as unknown as IWorkflowExecuteAdditionalData;
		return { workflow, node, additionalData };
	}
}
