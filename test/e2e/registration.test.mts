import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import type { WorkflowImport, WorkflowNode } from '../../dev/lab/index.mts';
import type { Stage, StageOptions } from '../../dev/testEnvironment/stage.mts';
import { setTestStage } from '../support/testStage.mts';
import { TRIGGER, workflowWith } from '../../dev/testEnvironment/workflow.mts';
import { READY_MADE, workflowOf } from '../support/readyMade.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const TIMEOUT = { timeoutMs: 60_000 };
const events = ['session.completed'];
let stage: Stage;

dumpOnFailure(() => stage);

/** Gives the tests of a block an n8n of their own. */
function withStage(options: StageOptions = {}): void {
	beforeAll(async () => {
		stage = await setTestStage(options);
	});
	afterAll(async () => await stage?.close());
}

/** Imports workflows with `n8n import:workflow`, which takes over what is in the files and nothing more. */
async function importFiles(...workflows: Array<Partial<WorkflowImport>>): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'mindpeeker-import-'));
	try {
		for (const [index, workflow] of workflows.entries()) {
			await writeFile(join(folder, `${index}.json`), JSON.stringify(workflow));
		}
		await stage.n8n.command('import:workflow', '--separate', `--input=${folder}`);
	} finally {
		await rm(folder, { recursive: true });
	}
}

/** Lets an event happen, and returns the status of the response to its first attempt. */
async function deliver(): Promise<number | null | undefined> {
	const { event } = stage.simulator.emit('session.completed');
	const { attempts } = await stage.simulator.waitForDelivery(event.id, TIMEOUT);
	return attempts[0]?.status;
}

const publish = async (id: string) => await stage.n8n.workflows.publish(id);

describe('a workflow imported by the command line', () => {
	withStage({ simulator: { timeFactor: 3_000 } });
	const original = workflowWith('original', { events });
	beforeAll(async () => {
		const nodes = original.nodes.map(({ webhookId: _, ...node }) => node as WorkflowNode);
		const withoutWebhookId = { ...original, id: 'no-id', nodes };
		const copy = { ...original, id: 'copy' };
		await stage.n8n.workflows.import(original);
		await importFiles(withoutWebhookId, copy, ...READY_MADE.map((name) => workflowOf(name)));
	});

	it('is not published without a webhook id, and the text says what to do', async () => {
		await expect(publish('no-id')).rejects.toThrow(/no webhook ID.*in the editor.*save/i);
		expect(stage.simulator.webhooks()).toEqual([]);
	});

	it.each(READY_MADE)('the ready-made %s is published as it is, and receives', async (name) => {
		const workflow = workflowOf(name);
		await publish(workflow.id!);
		const triggers = workflow.nodes.filter(({ type }) => type.endsWith('.mindPeekerTrigger'));
		const webhooks = stage.simulator.webhooks();
		expect(webhooks.map(({ url }) => url.split('/').at(-2)).sort()).toEqual(
			triggers.map(({ webhookId }) => webhookId).sort(),
		);
		for (const { id } of webhooks) {
			const { event } = stage.simulator.emitTest(id);
			const { attempts } = await stage.simulator.waitForDelivery(event.id, TIMEOUT);
			// The workflow of When Finished fails, since there is no system to hand sessions to.
			expect(attempts[0]?.status).toBe(name === 'finished-retries' ? 500 : 200);
		}
		await stage.n8n.workflows.unpublish(workflow.id!);
		expect(stage.simulator.webhooks()).toEqual([]);
	});

	it('as a copy of a published one leaves the webhook of the original', async () => {
		await publish(original.id);
		const before = stage.simulator.webhooks();
		await publish('copy').catch(() => {});
		await stage.n8n.workflows.unpublish('copy');
		expect(stage.simulator.webhooks()).toEqual(before);
		expect(await deliver()).toBe(200);
	});
});

describe('a generated workflow with version 1 of the trigger', () => {
	withStage();

	it('is published, receives, and listens for a test event', async () => {
		const workflow = workflowWith('version-1', { events });
		const nodes = workflow.nodes.map((node) => ({ ...node, typeVersion: 1 }));
		await stage.n8n.workflows.import({ ...workflow, nodes });
		await publish(workflow.id!);
		expect(await deliver()).toBe(200);
		const listening = await stage.n8n.workflows.listenForTestEvent(workflow.id, TRIGGER);
		expect(await listening.received(TIMEOUT.timeoutMs)).toMatchObject({ status: 'success' });
	});
});

describe('n8n that publishes in its older way', () => {
	withStage({ n8n: { env: { N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'false' } } });

	it('leaves the webhook of the original at each start where a copy cannot be published', async () => {
		const original = workflowWith('original', { events });
		await stage.n8n.workflows.import(original);
		const { versionId } = await stage.n8n.workflows.get('original');
		await stage.n8n.rest.request('POST', '/workflows/original/activate', { versionId });
		const before = stage.simulator.webhooks();
		expect(before).toHaveLength(1);
		await importFiles({ ...original, id: 'copy' });
		await stage.n8n.database.query(
			"UPDATE workflow_entity SET active = 1, activeVersionId = versionId WHERE id = 'copy'",
		);
		await stage.n8n.restart();
		expect(stage.simulator.webhooks()).toEqual(before);
		expect(await deliver()).toBe(200);
	});
});

describe('forty workflows at once under a rate limit', () => {
	withStage();
	/** n8n itself takes more than a second for each. */
	const PATIENCE_MS = 240_000;
	const refuse = (times: number) => {
		const limited = { kind: 'answer', status: 429, retryAfter: 1 } as const;
		stage.simulator.faults.add({ on: 'api', ...limited, times });
	};
	const urls = () => new Set(stage.simulator.webhooks().map(({ url }) => url));

	it('are all registered, and all unregistered', async () => {
		const { workflows, rest } = stage.n8n;
		const forty = Array.from({ length: 40 }, (_, n) => workflowWith(`many-${n}`, { events }));
		const created = await workflows.import(...forty);
		refuse(30);
		for (const { id, versionId } of created) {
			await rest.request('POST', `/workflows/${id}/activate`, { versionId });
		}
		await waitFor(() => expect(urls().size).toBe(40), PATIENCE_MS);
		expect(stage.simulator.webhooks()).toHaveLength(40);
		refuse(30);
		for (const { id } of created) await rest.request('POST', `/workflows/${id}/deactivate`, {});
		await waitFor(() => expect(stage.simulator.webhooks()).toEqual([]), PATIENCE_MS);
	});
});
