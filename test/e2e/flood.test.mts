import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { TestEnvironment } from '../../dev/testEnvironment/testEnvironment.mts';
import { startHeadlessEnvironment } from '../support/headlessEnvironment.mts';
import { sign } from '../../nodes/shared/signature.ts';
import { measureHeapMib, HEAP_REPORT_ENV } from '../../dev/testEnvironment/heap.mts';
import { createTriggerWorkflow } from '../../dev/testEnvironment/triggerWorkflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const ID = 'flood';
const FORGED_REQUESTS = 5_000;
const CONCURRENCY = 16;
// Half of the growth if each forged request leaked a kilobyte. n8n itself varies far less.
const MAX_GROWTH_MIB = 2.5;
const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
let environment: TestEnvironment;
let url: string;
let secret: string;

dumpOnFailure(() => environment);

beforeAll(async () => {
	environment = await startHeadlessEnvironment({
		n8n: {
			workflows: [createTriggerWorkflow(ID, { events: ['session.completed'] })],
			env: HEAP_REPORT_ENV,
		},
	});
	await environment.n8n.workflows.publish(ID);
	({ url, secret } = environment.simulator.webhooks()[0]!);
});
afterAll(async () => {
	agent.destroy();
	await environment?.close();
});

async function post(id: string, key: string): Promise<number> {
	const body = Buffer.from(JSON.stringify({ id, type: 'session.completed', data: {} }));
	const headers = { 'Content-Type': 'application/json', 'X-MindPeeker-Signature': sign(body, key) };
	return await new Promise((resolve, reject) => {
		const outgoing = request(url, { method: 'POST', agent, headers });
		outgoing.on('error', reject);
		outgoing.on('response', (response) => {
			response.resume().on('end', () => resolve(response.statusCode ?? 0));
		});
		outgoing.end(body);
	});
}

/** Sends forged requests and returns the number of responses per status. */
async function sendForged(count: number): Promise<Record<number, number>> {
	const counts: Record<number, number> = {};
	let sent = 0;
	const sendAll = async () => {
		while (sent < count) {
			const status = await post(`evt_forged_${sent++}`, 'forged');
			counts[status] = (counts[status] ?? 0) + 1;
		}
	};
	await Promise.all(Array.from({ length: CONCURRENCY }, sendAll));
	return counts;
}

/** Delivers a valid event and waits for its execution. */
async function deliver(id: string, count: number): Promise<number> {
	const status = await post(id, secret);
	await environment.n8n.executions.waitFor({ workflowId: ID, count, timeoutMs: 30_000 });
	return status;
}

describe('a flood of forged requests', () => {
	it('is rejected, leaks nothing, and does not block a valid event', async () => {
		const { database, executions } = environment.n8n;
		// Warm up, so that one-time allocations do not count.
		await sendForged(500);
		await deliver('evt_first', 1);
		const heapBefore = await measureHeapMib(environment.n8n);
		const rowsBefore = await database.rowCounts();
		const linesBefore = environment.n8n.log.length;

		const startedAt = Date.now();
		const [counts, validStatus] = await Promise.all([
			sendForged(FORGED_REQUESTS),
			sleep(3_000).then(async () => await deliver('evt_valid', 2)),
		]);
		const seconds = (Date.now() - startedAt) / 1_000;

		expect(counts).toEqual({ 401: FORGED_REQUESTS });
		expect(validStatus).toBe(200);
		expect(await executions.count({ workflowId: ID })).toBe(2);

		const rowsAfter = await database.rowCounts();
		const heapAfter = await measureHeapMib(environment.n8n);
		await deliver('evt_last', 3);
		const rowsPerEvent = countNewRows(await database.rowCounts(), rowsAfter);
		expect(countNewRows(rowsAfter, rowsBefore)).toEqual(rowsPerEvent);

		console.log(
			`${FORGED_REQUESTS} forged requests in ${seconds.toFixed(0)} s; heap: ${heapBefore.toFixed(1)} MiB before, ${heapAfter.toFixed(1)} MiB after; ${environment.n8n.log.length - linesBefore} log lines`,
		);
		expect(heapAfter - heapBefore).toBeLessThan(MAX_GROWTH_MIB);
		expect(environment.n8n.log.length - linesBefore).toBeLessThan(200);
	});
});

/** Returns the number of new rows per table. */
function countNewRows(after: Record<string, number>, before: Record<string, number>) {
	const newRows = Object.entries(after).map(([table, rows]) => [
		table,
		rows - (before[table] ?? 0),
	]);
	return Object.fromEntries(newRows.filter(([, rows]) => rows !== 0)) as Record<string, number>;
}
