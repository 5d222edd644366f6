import {
	type IExecuteFunctions,
	type IHookFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { CREDENTIAL_TYPE } from '../shared/api/transport';
import { dropDuplicates } from './deduplication/databaseDeduplication';
import { OUTPUTS_EXPRESSION, toOutputs } from './outputs';
import { properties, subtitle } from './properties';
import { isRegistered, register } from './registration/register';
import { unregister } from './registration/unregister';
import { readSettings, WEBHOOK_NAMES } from './settings';
import { handleRequest } from './webhook/handleRequest';

export class MindPeekerTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MindPeeker Trigger',
		name: 'mindPeekerTrigger',
		icon: {
			light: 'file:../icons/mindpeeker.svg',
			dark: 'file:../icons/mindpeeker.dark.svg',
		},
		group: ['trigger'],
		// For version 1, n8n evaluates its own expression over options.binaryData per request. Both behave the same.
		version: [1, 1.1],
		defaultVersion: 1.1,
		subtitle,
		description: 'Starts the workflow when MindPeeker sends an event',
		documentationUrl:
			'https://github.com/mindpeeker/n8n-nodes-mindpeeker/blob/main/docs/options.md',
		builderHint: {
			searchHint:
				'Use version 1.1. The trigger creates its own webhook in MindPeeker, verifies each event, and drops duplicates. Do not add a Webhook, Respond to Webhook, Crypto or Remove Duplicates node for this. The event is in $json: { id, type, created_at, livemode, data }.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-mindpeeker.mindPeeker',
					relationHint: 'Gets the results of the session in the event, or starts a session',
				},
			],
		},
		eventTriggerDescription: 'Waiting for an event from MindPeeker',
		triggerPanel: {
			executionsHelp:
				'<b>While you build the workflow</b>, press "Execute step". The trigger then requests a test event from MindPeeker and shows it here. If Registration is Manual or Send Test Event is off, trigger an event in MindPeeker.<br /><br /><b>After you publish the workflow</b> (in n8n 1.x: activate), every selected event starts it. The <a data-key="executions">executions list</a> shows all executions.',
			activationHint:
				'When the workflow is finished, publish it (in n8n 1.x: activate). Every selected event then starts it. The <a data-key="executions">executions list</a> shows all executions.',
		},
		activationMessage: 'From now on, the selected MindPeeker events start this workflow.',
		defaults: { name: 'MindPeeker Trigger' },
		inputs: [],
		outputs: OUTPUTS_EXPRESSION,
		credentials: [{ name: CREDENTIAL_TYPE, required: true }],
		webhooks: [
			// Literals only: an expression would triple the cost of a request. Only the editor evaluates ndvHideUrl.
			{
				name: WEBHOOK_NAMES.received,
				httpMethod: 'POST',
				path: 'mindpeeker',
				responseMode: 'onReceived',
				// Empty, so that n8n sends the response text of the trigger.
				responseData: '',
				ndvHideUrl: '={{ $parameter["options"]?.acknowledge === "finished" }}',
			},
			{
				name: WEBHOOK_NAMES.finished,
				httpMethod: 'POST',
				path: 'mindpeeker-finished',
				responseMode: 'lastNode',
				responseData: 'noData',
				ndvHideUrl: '={{ $parameter["options"]?.acknowledge !== "finished" }}',
			},
		],
		properties,
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await isRegistered(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				await register(this);
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				await unregister(this);
				return true;
			},
		},
	};

	/** Runs in the execution, with the events that `webhook` returned. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData().map((item, index) => ({
			...item,
			pairedItem: { item: index },
		}));
		const settings = readSettings(this);
		return toOutputs(await dropDuplicates(this, items, settings), settings);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await handleRequest(this);
	}
}
