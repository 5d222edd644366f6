import {
	type IExecuteFunctions,
	type IHookFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { CREDENTIAL } from '../shared/credential';
import { WEBHOOK_NAMES } from './acknowledge';
import { withoutRepeats } from './deduplication/durableRecord';
import { arrange, OUTPUTS_EXPRESSION } from './outputs';
import { readSettings } from './parameters';
import { properties } from './properties';
import { answer } from './reception';
import { isRegistered, register, unregister } from './registration';

export class MindPeekerTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MindPeeker Trigger',
		name: 'mindPeekerTrigger',
		icon: {
			light: 'file:../../icons/mindpeeker.svg',
			dark: 'file:../../icons/mindpeeker.dark.svg',
		},
		group: ['trigger'],
		// Generated workflows often say 1. n8n then evaluates an expression at every request, which is slower.
		version: [1, 1.1],
		defaultVersion: 1.1,
		subtitle:
			'={{ [$parameter["events"]].flat().includes("*") ? "All events" : [$parameter["events"]].flat().join(", ") }}',
		description: 'Starts the workflow when MindPeeker reports an event',
		eventTriggerDescription: 'Waiting for an event from MindPeeker',
		triggerPanel: {
			executionsHelp:
				'<b>While you build the workflow</b>, press "Execute step": MindPeeker is asked for a test event, which shows up here by itself. With a manual registration, or without the test event, make an event happen.<br /><br /><b>Once it is published</b>, every chosen event starts the workflow. What ran is in the <a data-key="executions">executions list</a>.',
			activationHint:
				'Once you have finished building the workflow, publish it, and every chosen event starts it. What ran is in the <a data-key="executions">executions list</a>.',
		},
		activationMessage: 'From now on, the chosen MindPeeker events start this workflow.',
		defaults: { name: 'MindPeeker Trigger' },
		inputs: [],
		outputs: OUTPUTS_EXPRESSION,
		credentials: [{ name: CREDENTIAL, required: true }],
		webhooks: [
			// All that n8n reads at a request are literals: an expression there costs a factor of three.
			{
				name: WEBHOOK_NAMES.received,
				httpMethod: 'POST',
				path: 'mindpeeker',
				responseMode: 'onReceived',
				// Empty, so that n8n sends the text that the trigger gives it.
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

	/** Runs inside the execution, with what `webhook` gave it. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData().map((item, index) => ({
			...item,
			pairedItem: { item: index },
		}));
		const settings = readSettings(this);
		return arrange(await withoutRepeats(this, items, settings), settings);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await answer(this);
	}
}
