import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import type { WorkflowImport, WorkflowNode } from '../../lab/index.mts';
import { setStage, type Stage, type StageOptions } from '../../stage/stage.mts';
import { TRIGGER, workflowWith } from '../../stage/workflow.mts';
import { READY_MADE, workflowOf } from '../support/readyMade.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const TIMEOUT = { timeoutMs: 60_000 };
const events = ['session.completed'];
let stage: Stage;

dumpOnFailure(() => stage);

/** Gives the tests of a block an n8n of their own. */
function withStage(options: StageOptions = {}): void {
	beforeAll(async () => {
		stage = await setStage(options);
	});
	afterAll(async () => await stage?.close());
}

/** Imports a workflow as `n8n import:workflow` does: with what is in the file and nothing more. */
async function importFile(workflow: WorkflowImport): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'mindpeeker-import-'));
	try {
		const input = join(folder, 'workflow.json');
		await writeFile(input, JSON.stringify(workflow));
		const before = await idsOfWorkflows();
		await stage.n8n.command('import:workflow', `--input=${input}`);
		const [id = ''] = (await idsOfWorkflows()).filter((one) => !before.includes(one));
		return id;
	} finally {
		await rm(folder, { recursive: true });
	}
}

async function idsOfWorkflows(): Promise<string[]> {
	const list = await stage.n8n.rest.request<Array<{ id: string }>>('GET', '/workflows');
	return list.map(({ id }) => id);
}

/** Lets an event happen, and returns the status of the response to its first attempt. */
async function deliver(): Promise<number | null | undefined> {
	const { event } = stage.simulator.emit('session.completed');
	const { attempts } = await stage.simulator.waitForDelivery(event.id, TIMEOUT);
	return attempts[0]?.status;
}

const publish = async (id: string) => await stage.n8n.workflows.publish(id);

describe('a workflow imported by the command line', () => {
	withStage({ simulator: { timeFactor: 300 } });
	afterEach(async () => {
		for (const id of await idsOfWorkflows()) await stage.n8n.workflows.delete(id);
		for (const { id } of stage.simulator.webhooks()) stage.simulator.removeWebhook(id);
	});

	it('is not published without a webhook id, and the text says what to do', async () => {
		const workflow = workflowWith('no-id', { events });
		const nodes = workflow.nodes.map(({ webhookId: _, ...node }) => node as WorkflowNode);
		const id = await importFile({ ...workflow, nodes });
		await expect(publish(id)).rejects.toThrow(/no webhook ID.*in the editor.*save/i);
		expect(stage.simulator.webhooks()).toEqual([]);
	});

	it.each(READY_MADE)('the ready-made %s is published as it is, and receives', async (name) => {
		const workflow = workflowOf(name);
		await publish(await importFile(workflow));
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
	});

	it('as a copy of a published one leaves the webhook of the original', async () => {
		const original = workflowWith('original', { events });
		await stage.n8n.workflows.import(original);
		await publish(original.id);
		const before = stage.simulator.webhooks();
		const copy = await importFile({ ...original, id: 'copy' });
		await publish(copy).catch(() => {});
		await stage.n8n.workflows.unpublish(copy);
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
		await publish(workflow.id);
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
		await importFile({ ...original, id: 'copy' });
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
		await waitFor(() => expect(urls().size).toBe(40));
		expect(stage.simulator.webhooks()).toHaveLength(40);
		refuse(30);
		for (const { id } of created) await rest.request('POST', `/workflows/${id}/deactivate`, {});
		await waitFor(() => expect(stage.simulator.webhooks()).toEqual([]));
	});
});
