import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Stage } from '../../dev/testEnvironment/stage.mts';
import { setTestStage } from '../support/testStage.mts';
import { sign } from '../../nodes/shared/signature.ts';
import { heapMib, TELLING_OF_HEAP } from '../support/heap.mts';
import { workflowWith } from '../../dev/testEnvironment/workflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const ID = 'flood';
const FORGERIES = 5_000;
const AT_A_TIME = 16;
// Half of what would be there if each forgery left a kilobyte behind; n8n itself varies by a fraction of it.
const TOLERATED_MIB = 2.5;
const agent = new Agent({ keepAlive: true, maxSockets: AT_A_TIME });
let stage: Stage;
let url: string;
let secret: string;

dumpOnFailure(() => stage);

beforeAll(async () => {
	stage = await setTestStage({
		n8n: {
			workflows: [workflowWith(ID, { events: ['session.completed'] })],
			env: TELLING_OF_HEAP,
		},
	});
	await stage.n8n.workflows.publish(ID);
	({ url, secret } = stage.simulator.webhooks()[0]!);
});
afterAll(async () => {
	agent.destroy();
	await stage?.close();
});

async function post(id: string, key: string): Promise<number> {
	const body = Buffer.from(JSON.stringify({ id, type: 'session.completed', data: {} }));
	const headers = { 'Content-Type': 'application/json', 'X-MindPeeker-Signature': sign(body, key) };
	return await new Promise((resolve, reject) => {
		const sending = request(url, { method: 'POST', agent, headers });
		sending.on('error', reject);
		sending.on('response', (response) => {
			response.resume().on('end', () => resolve(response.statusCode ?? 0));
		});
		sending.end(body);
	});
}

/** Sends forgeries, and gives how many were answered with each status. */
async function flood(count: number): Promise<Record<number, number>> {
	const answers: Record<number, number> = {};
	let sent = 0;
	const sender = async () => {
		while (sent < count) {
			const status = await post(`evt_forged_${sent++}`, 'forged');
			answers[status] = (answers[status] ?? 0) + 1;
		}
	};
	await Promise.all(Array.from({ length: AT_A_TIME }, sender));
	return answers;
}

/** Delivers a genuine event and waits for its execution. */
async function deliver(id: string, count: number): Promise<number> {
	const status = await post(id, secret);
	await stage.n8n.executions.waitFor({ workflowId: ID, count, timeoutMs: 30_000 });
	return status;
}

describe('a flood of forged requests', () => {
	it('is refused, leaves nothing behind, and a genuine event in the middle is taken', async () => {
		const { database, executions } = stage.n8n;
		// What is made at the first of its kind is there before it is counted.
		await flood(500);
		await deliver('evt_first', 1);
		const heapBefore = await heapMib(stage.n8n);
		const rowsBefore = await database.rowCounts();
		const linesBefore = stage.n8n.log.length;

		const started = Date.now();
		const [answers, genuine] = await Promise.all([
			flood(FORGERIES),
			sleep(3_000).then(async () => await deliver('evt_genuine', 2)),
		]);
		const seconds = (Date.now() - started) / 1_000;

		expect(answers).toEqual({ 401: FORGERIES });
		expect(genuine).toBe(200);
		expect(await executions.count({ workflowId: ID })).toBe(2);

		const rowsAfter = await database.rowCounts();
		const heapAfter = await heapMib(stage.n8n);
		await deliver('evt_alone', 3);
		const rowsOfOne = difference(await database.rowCounts(), rowsAfter);
		expect(difference(rowsAfter, rowsBefore)).toEqual(rowsOfOne);

		console.log(
			`${FORGERIES} forgeries in ${seconds.toFixed(0)} s; heap in use ${heapBefore.toFixed(1)} MiB before, ${heapAfter.toFixed(1)} after; ${stage.n8n.log.length - linesBefore} lines of log`,
		);
		expect(heapAfter - heapBefore).toBeLessThan(TOLERATED_MIB);
		expect(stage.n8n.log.length - linesBefore).toBeLessThan(200);
	});
});

/** The tables that have more rows, and how many more. */
function difference(after: Record<string, number>, before: Record<string, number>) {
	const more = Object.entries(after).map(([table, rows]) => [table, rows - (before[table] ?? 0)]);
	return Object.fromEntries(more.filter(([, rows]) => rows !== 0)) as Record<string, number>;
}
