import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import type { WorkflowImport, WorkflowNode } from '../../dev/lab/index.mts';
import type {
	TestEnvironment,
	TestEnvironmentOptions,
} from '../../dev/testEnvironment/testEnvironment.mts';
import { startHeadlessEnvironment } from '../support/headlessEnvironment.mts';
import { createTriggerWorkflow } from '../../dev/testEnvironment/triggerWorkflow.mts';
import { EXAMPLE_WORKFLOWS, loadExample } from '../../dev/testEnvironment/exampleWorkflows.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const TIMEOUT = { timeoutMs: 60_000 };
const events = ['session.completed'];
let environment: TestEnvironment;

dumpOnFailure(() => environment);

/** Starts a separate n8n for the tests of a block. */
function useEnvironment(options: TestEnvironmentOptions = {}): void {
	beforeAll(async () => {
		environment = await startHeadlessEnvironment(options);
	});
	afterAll(async () => await environment?.close());
}

/** Imports workflows with `n8n import:workflow`, which adds nothing to the files. */
async function importFiles(...workflows: Array<Partial<WorkflowImport>>): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'mindpeeker-import-'));
	try {
		for (const [index, workflow] of workflows.entries()) {
			await writeFile(join(folder, `${index}.json`), JSON.stringify(workflow));
		}
		await environment.n8n.command('import:workflow', '--separate', `--input=${folder}`);
	} finally {
		await rm(folder, { recursive: true });
	}
}

/** Emits an event and returns the status of its first attempt. */
async function deliver(): Promise<number | null | undefined> {
	const { event } = environment.simulator.emit('session.completed');
	const { attempts } = await environment.simulator.waitForDelivery(event.id, TIMEOUT);
	return attempts[0]?.status;
}

const publish = async (id: string) => await environment.n8n.workflows.publish(id);

describe('a workflow imported on the command line', () => {
	useEnvironment({ simulator: { timeFactor: 3_000 } });
	const original = createTriggerWorkflow('original', { events });
	beforeAll(async () => {
		const nodes = original.nodes.map(({ webhookId: _, ...node }) => node as WorkflowNode);
		const withoutWebhookId = { ...original, id: 'no-id', nodes };
		const copy = { ...original, id: 'copy' };
		await environment.n8n.workflows.import(original);
		await importFiles(
			withoutWebhookId,
			copy,
			...EXAMPLE_WORKFLOWS.map((name) => loadExample(name)),
		);
	});

	it('cannot be published without a webhook ID, and the error says what to do', async () => {
		await expect(publish('no-id')).rejects.toThrow(/no webhook ID.*in the editor.*save/i);
		expect(environment.simulator.webhooks()).toEqual([]);
	});

	it.each(EXAMPLE_WORKFLOWS)(
		'the example %s can be published unchanged and receives events',
		async (name) => {
			const workflow = loadExample(name);
			await publish(workflow.id!);
			const triggers = workflow.nodes.filter(({ type }) => type.endsWith('.mindPeekerTrigger'));
			const webhooks = environment.simulator.webhooks();
			expect(webhooks.map(({ url }) => url.split('/').at(-2)).sort()).toEqual(
				triggers.map(({ webhookId }) => webhookId).sort(),
			);
			for (const { id } of webhooks) {
				const { event } = environment.simulator.emitTest(id);
				const { attempts } = await environment.simulator.waitForDelivery(event.id, TIMEOUT);
				// This workflow fails, because the system it sends to does not exist.
				expect(attempts[0]?.status).toBe(name === 'retry-failed-executions' ? 500 : 200);
			}
			await environment.n8n.workflows.unpublish(workflow.id!);
			expect(environment.simulator.webhooks()).toEqual([]);
		},
	);

	it('as a copy of a published one does not affect the webhook of the original', async () => {
		await publish(original.id);
		const before = environment.simulator.webhooks();
		await publish('copy').catch(() => {});
		await environment.n8n.workflows.unpublish('copy');
		expect(environment.simulator.webhooks()).toEqual(before);
		expect(await deliver()).toBe(200);
	});
});

describe('n8n without its publication service', () => {
	useEnvironment({ n8n: { env: { N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'false' } } });

	it('keeps the webhook of the original at each start, even if a copy cannot be published', async () => {
		const original = createTriggerWorkflow('original', { events });
		await environment.n8n.workflows.import(original);
		const { versionId } = await environment.n8n.workflows.get('original');
		await environment.n8n.rest.request('POST', '/workflows/original/activate', { versionId });
		const before = environment.simulator.webhooks();
		expect(before).toHaveLength(1);
		await importFiles({ ...original, id: 'copy' });
		await environment.n8n.database.query(
			"UPDATE workflow_entity SET active = 1, activeVersionId = versionId WHERE id = 'copy'",
		);
		await environment.n8n.restart();
		expect(environment.simulator.webhooks()).toEqual(before);
		expect(await deliver()).toBe(200);
	});
});

describe('forty workflows with a rate limit', () => {
	useEnvironment();
	/** n8n takes more than a second per workflow. */
	const TIMEOUT_MS = 240_000;
	const limitRate = (times: number) => {
		const fault = { kind: 'response', status: 429, retryAfter: 1 } as const;
		environment.simulator.faults.add({ on: 'api', ...fault, times });
	};
	const getUrls = () => new Set(environment.simulator.webhooks().map(({ url }) => url));

	it('are all registered and all unregistered', async () => {
		const { workflows, rest } = environment.n8n;
		const toCreate = Array.from({ length: 40 }, (_, n) =>
			createTriggerWorkflow(`many-${n}`, { events }),
		);
		const created = await workflows.import(...toCreate);
		limitRate(30);
		for (const { id, versionId } of created) {
			await rest.request('POST', `/workflows/${id}/activate`, { versionId });
		}
		await waitFor(() => expect(getUrls().size).toBe(40), TIMEOUT_MS);
		expect(environment.simulator.webhooks()).toHaveLength(40);
		limitRate(30);
		for (const { id } of created) await rest.request('POST', `/workflows/${id}/deactivate`, {});
		await waitFor(() => expect(environment.simulator.webhooks()).toEqual([]), TIMEOUT_MS);
	});
});
