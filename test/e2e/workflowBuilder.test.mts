import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { getOutput } from '../../dev/lab/index.mts';
import type { TestEnvironment } from '../../dev/testEnvironment/testEnvironment.mts';
import { createTriggerWorkflow, TRIGGER_NODE } from '../../dev/testEnvironment/triggerWorkflow.mts';
import { MindPeeker } from '../../nodes/MindPeeker/MindPeeker.node.ts';
import { MindPeekerTrigger } from '../../nodes/MindPeekerTrigger/MindPeekerTrigger.node.ts';
import { DISABLED_MODULES, startHeadlessEnvironment } from '../support/headlessEnvironment.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';
import { WorkflowBuilder } from './harness/workflowBuilder.mts';

const TIMEOUT_MS = 60_000;
const TRIGGER = 'n8n-nodes-mindpeeker.mindPeekerTrigger';
const NODE = 'n8n-nodes-mindpeeker.mindPeeker';
let environment: TestEnvironment;
let builder: WorkflowBuilder;

dumpOnFailure(() => environment);

beforeAll(async () => {
	const disabled = DISABLED_MODULES.filter((module) => module !== 'mcp').join();
	environment = await startHeadlessEnvironment({
		n8n: { env: { N8N_DISABLED_MODULES: disabled } },
	});
	builder = await WorkflowBuilder.connect(environment.n8n);
});
afterAll(async () => await environment?.close());

/** Emits an event and returns the status of its first attempt. */
async function deliver(type: string): Promise<number | null | undefined> {
	const { event } = environment.simulator.emit(type);
	const options = { timeoutMs: TIMEOUT_MS };
	const { attempts } = await environment.simulator.waitForDelivery(event.id, options);
	return attempts[0]?.status;
}

describe("n8n's AI workflow builder", () => {
	it('finds both nodes, with the hints of nodes and operations', async () => {
		const found = await builder.call('search_nodes', { queries: ['mindpeeker'] });
		expect(found).toContain(`${TRIGGER} [TRIGGER]`);
		for (const { description } of [new MindPeekerTrigger(), new MindPeeker()]) {
			expect(found).toContain(description.builderHint?.searchHint);
		}
		const operations = new MindPeeker().description.properties
			.filter(({ name }) => name === 'operation')
			.flatMap(({ options }) => options as INodePropertyOptions[]);
		for (const { builderHint } of operations) {
			if (builderHint) expect(found).toContain(`@builderHint ${builderHint.propertyHint}`);
		}
	});

	it('reads the hints of parameters and options', async () => {
		const nodeIds = [{ nodeId: TRIGGER }, { nodeId: NODE, resource: 'webhook', operation: 'get' }];
		const types = await builder.call('get_node_types', { nodeIds });
		const parameters = [...new MindPeekerTrigger().description.properties].concat(
			new MindPeeker().description.properties.filter(({ name }) => name === 'webhook'),
		);
		const options = parameters.find(({ name }) => name === 'options')?.options;
		for (const { builderHint } of [...parameters, ...(options as INodeProperties[])]) {
			if (builderHint) expect(types).toContain(`@builderHint ${builderHint.propertyHint}`);
		}
	});

	it('builds a workflow without a webhook ID that can be published and receives events', async () => {
		const assign = (value: string) =>
			`assignments: { assignments: [{ id: 'text', name: 'text', type: 'string', value: expr('${value}') }] }`;
		const code = `
			import { workflow, trigger, node, newCredential, expr } from '@n8n/workflow-sdk';
			const credentials = { mindPeekerApi: newCredential('MindPeeker') };
			const start = trigger({ type: '${TRIGGER}', version: 1.1, config: { name: '${TRIGGER_NODE}', parameters: { events: ['session.completed', 'session.failed'], output: 'perEvent' }, credentials } });
			const completed = node({ type: 'n8n-nodes-base.set', version: 3.4, config: { name: 'Completed', parameters: { ${assign('{{ $json.data.session_id }}')} } } });
			const failed = node({ type: 'n8n-nodes-base.set', version: 3.4, config: { name: 'Failed', parameters: { ${assign('{{ $json.data.error.message }}')} } } });
			const webhooks = node({ type: '${NODE}', version: 1, config: { name: 'Webhooks', parameters: { resource: 'webhook', operation: 'getAll', returnAll: true }, credentials } });
			export default workflow('built', 'Built')
				.add(start.output(0).to(completed).to(webhooks))
				.add(start.output(1).to(failed));
		`;
		expect(JSON.parse(await builder.call('validate_workflow', { code }))).toEqual({
			valid: true,
			nodeCount: 4,
		});
		const created = await builder.call('create_workflow_from_code', { code, name: 'Built' });
		const { workflowId } = JSON.parse(created) as { workflowId: string };
		await environment.n8n.workflows.publish(workflowId);

		expect(await deliver('session.completed')).toBe(200);
		expect(await deliver('session.failed')).toBe(200);
		const finished = { workflowId, count: 2, timeoutMs: TIMEOUT_MS };
		const summaries = await environment.n8n.executions.waitFor(finished);
		const executions = await Promise.all(
			summaries.map(async ({ id }) => await environment.n8n.executions.get(id)),
		);
		const outputs = (name: string) => executions.flatMap((one) => getOutput(one, name));
		expect(outputs('Completed').map(({ json }) => json.text)).toEqual(['sess_123456789']);
		expect(outputs('Webhooks').map(({ json }) => json.active)).toEqual([true]);
		expect(outputs('Failed').map(({ json }) => json.text)).toEqual([
			'The viewer lost the signal line',
		]);
		await environment.n8n.workflows.delete(workflowId);
	});
});

describe('a generated workflow with version 1 of the trigger', () => {
	it('can be published, receives events, and listens for a test event', async () => {
		const workflow = createTriggerWorkflow('version-1', { events: ['session.completed'] });
		const nodes = workflow.nodes.map((node) => ({ ...node, typeVersion: 1 }));
		await environment.n8n.workflows.import({ ...workflow, nodes });
		await environment.n8n.workflows.publish(workflow.id);
		expect(await deliver('session.completed')).toBe(200);
		const listening = await environment.n8n.workflows.listenForTestEvent(workflow.id, TRIGGER_NODE);
		expect(await listening.received(TIMEOUT_MS)).toMatchObject({ status: 'success' });
	});
});
