import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { CREDENTIAL_TYPE } from '../shared/api/transport';
import { execute } from './execution/execute';
import { properties, subtitle } from './properties';
import { searchWebhooks } from './resources/webhook/locator';

export class MindPeeker implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MindPeeker',
		name: 'mindPeeker',
		icon: {
			light: 'file:../icons/mindpeeker.svg',
			dark: 'file:../icons/mindpeeker.dark.svg',
		},
		group: ['output'],
		version: 1,
		subtitle,
		description: 'Manage MindPeeker webhooks, sessions and analyses, and verify events',
		documentationUrl: 'https://github.com/mindpeeker/n8n-nodes-mindpeeker/blob/main/docs/node.md',
		builderHint: {
			searchHint:
				'Calls the MindPeeker API in a workflow. To start a workflow with a MindPeeker event, use MindPeeker Trigger. It creates its own webhook, so it needs no operation of this node.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-mindpeeker.mindPeekerTrigger',
					relationHint:
						'Starts a workflow when a session, an analysis or a dowsing query is completed',
				},
			],
		},
		defaults: { name: 'MindPeeker' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: CREDENTIAL_TYPE, required: true }],
		properties,
	};

	methods = { listSearch: { searchWebhooks } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await execute(this)];
	}
}
