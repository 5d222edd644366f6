import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
	installN8n,
	LabError,
	type N8n,
	getOutput,
	packPackage,
	PublishError,
	startN8n,
} from '../../dev/lab/index.mts';
import { RELOAD_ENV, watchPackage } from '../../dev/lab/watchPackage.mts';
import { waitFor } from '../support/jest.mts';
import { writeProbePackage } from './harness/probePackage.mts';
import { isGroupAlive } from './harness/processes.mts';
import { oneNode, webhookAt } from './harness/workflows.mts';

// The tests share one n8n and run in order. The last one stops it.
let n8n: N8n;
let probeFolder: string;
let refusal: Promise<unknown>;

beforeAll(async () => {
	probeFolder = await writeProbePackage();
	n8n = await startN8n({
		installation: await installN8n(),
		packages: [await packPackage(probeFolder)],
		editor: false,
		env: RELOAD_ENV,
		credentials: [
			{ id: 'given', name: 'A header', type: 'httpHeaderAuth', data: { name: 'a', value: 'b' } },
		],
		workflows: [
			webhookAt('hook', 'first'),
			webhookAt('hook', 'second'),
			oneNode('refused', 'n8n-nodes-probe.probe', {}),
		],
	});
	// n8n retries for 15 s
	refusal = n8n.workflows.publish('refused').catch((error: unknown) => error);
});

afterAll(async () => {
	await n8n?.stop();
	await rm(probeFolder, { recursive: true });
});

async function post(path: string, body: object = {}): Promise<number> {
	const response = await fetch(`${n8n.url}${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	return response.status;
}

test('a published workflow receives a request, and its execution can be read', async () => {
	await n8n.workflows.publish('first');
	expect(await post('/webhook/hook', { colour: 'blue' })).toBe(200);

	const filter = { workflowId: 'first', count: 1, timeoutMs: 10_000 };
	const [summary] = await n8n.executions.waitFor(filter);
	expect(summary).toMatchObject({ workflowId: 'first', mode: 'webhook', status: 'success' });
	const [item] = getOutput(await n8n.executions.get(summary!.id), 'Trigger');
	expect(item?.json.body).toEqual({ colour: 'blue' });
});

test("publish rejects with n8n's message if n8n refuses at once", async () => {
	const error = await n8n.workflows.publish('second').catch((reason: unknown) => reason);
	expect(error).toBeInstanceOf(PublishError);
	expect((error as Error).message).toContain('conflict with one of the webhooks');
});

test('listenForTestEvent returns the execution of the test event', async () => {
	const listening = await n8n.workflows.listenForTestEvent('first', 'Trigger');
	expect(await post('/webhook-test/hook', { colour: 'red' })).toBe(200);
	const execution = await listening.received(10_000);
	expect(execution.mode).toBe('manual');
	expect(getOutput(execution, 'Trigger')[0]?.json.body).toEqual({ colour: 'red' });
});

test('an imported workflow can refer to imported credentials', async () => {
	const workflow = webhookAt('guarded', 'guarded');
	const [node] = workflow.nodes;
	node!.parameters.authentication = 'headerAuth';
	node!.credentials = { httpHeaderAuth: { id: 'given', name: 'A header' } };
	await n8n.workflows.import(workflow);
	await n8n.workflows.publish('guarded');
	expect(await post('/webhook/guarded')).toBe(403);
});

test('an update of a published workflow is published', async () => {
	await n8n.workflows.update('first', { nodes: webhookAt('elsewhere', 'first').nodes });
	expect(await post('/webhook/hook')).toBe(404);
	expect(await post('/webhook/elsewhere')).toBe(200);
});

test('an installed package is listed as a community package', async () => {
	expect(await n8n.rest.request('GET', '/community-packages')).toMatchObject([
		{
			packageName: 'n8n-nodes-probe',
			installedVersion: '1.2.3',
			installedNodes: [{ name: 'Probe', type: 'n8n-nodes-probe.probe', latestVersion: 2 }],
		},
	]);
});

test('a watched package is compiled and loaded again when its source changes', async () => {
	const stopWatching = await watchPackage({ root: probeFolder, userFolder: n8n.userFolder });
	const source = join(probeFolder, 'Probe.node.ts');
	const text = (await readFile(source, 'utf8')).replace('Cannot be published', 'Was changed');
	await writeFile(source, text);
	await waitFor(async () => {
		const nodeInfos = [{ name: 'n8n-nodes-probe.probe', version: 2 }];
		const types = await n8n.rest.request('POST', '/node-types', { nodeInfos });
		expect(types).toMatchObject([{ description: expect.stringMatching(/^Was changed/) }]);
	});
	stopWatching();
});

test("publish rejects with the node's error message if the node fails", async () => {
	const error = await refusal;
	expect(error).toBeInstanceOf(PublishError);
	expect((error as PublishError).reasons).toEqual(['The service said no']);
});

test('startN8n rejects if the port is in use', async () => {
	const port = Number(new URL(n8n.url).port);
	const start = startN8n({ installation: await installN8n(), port });
	await expect(start).rejects.toThrow(
		new LabError(`Port ${port} is in use. Stop the program that uses it, or choose another port.`),
	);
});

test('workflows stay published after a restart and after a crash', async () => {
	await n8n.restart();
	expect(await post('/webhook/elsewhere')).toBe(200);
	await n8n.kill();
	await n8n.start();
	expect(await post('/webhook/elsewhere')).toBe(200);
});

test('an unpublished or deleted workflow receives nothing', async () => {
	await n8n.workflows.unpublish('guarded');
	expect(await post('/webhook/guarded')).toBe(404);
	await n8n.workflows.delete('first');
	expect(await post('/webhook/elsewhere')).toBe(404);
});

test('stop leaves no process and no user folder', async () => {
	const pid = n8n.pid!;
	await n8n.stop();
	// A shell of n8n's file watcher has ended, but may still be listed.
	await waitFor(() => expect(isGroupAlive(pid)).toBe(false));
	expect(existsSync(n8n.userFolder)).toBe(false);
});
