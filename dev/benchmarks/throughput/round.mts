import { setTimeout as sleep } from 'node:timers/promises';

import type { N8n, RestError } from '../../lab/index.mts';
import { sendConcurrently } from '../load.mts';
import { trackPeakMemory } from '../processUsage.mts';
import type { Candidate } from './candidates/candidate.mts';

/** The result of sending a number of events to one candidate. */
export interface Round {
	/** Until the last execution ended. */
	eventsPerSecond: number;
	/** One for each delivery. */
	latenciesMs: number[];
	/** Number of 5xx responses, each followed by a retry. */
	serverErrors: number;
	executions: number;
	/** Memory of n8n and its child processes. */
	peakMib: number;
}

interface RoundOptions {
	events: number;
	concurrency: number;
}

interface ExecutionRow {
	status: string;
	/** UTC, with milliseconds and without a time zone. */
	stoppedAt: string;
	data: string;
}

const POLL_INTERVAL_MS = 150; // a shorter interval would slow n8n down
const DATABASE_BUSY = 503;
const UNFINISHED = ['new', 'running', 'waiting'] as const;
let eventCount = 0;

/** Sends events and waits for their executions. Rejects if an event was lost, ran twice or failed. */
export async function runRound(
	n8n: N8n,
	candidate: Candidate,
	{ events, concurrency }: RoundOptions,
): Promise<Round> {
	const ids = Array.from({ length: events }, () => `evt_bench_${eventCount++}_`);
	const deliveries = ids.map((id) => candidate.createDelivery(id));
	const previousId = await readLatestExecutionId(n8n);
	const stopTracking = trackPeakMemory(n8n.pid!);
	const started = Date.now();
	const load = await sendConcurrently({ urls: [candidate.url()], deliveries, concurrency });
	await waitForExecutions(n8n, candidate.workflow.id);
	const peakMib = stopTracking();
	const rows = await readExecutionsAfter(previousId, n8n, candidate.workflow.id);
	assertEachRanOnce(candidate, ids, rows);
	return {
		eventsPerSecond: events / ((lastEnd(rows) - started) / 1_000),
		...load,
		executions: rows.length,
		peakMib,
	};
}

/** Forged requests that a candidate rejects per second. Rejects if one gets another status or an unexpected execution. */
export async function measureRejections(
	n8n: N8n,
	{ workflow, url, createForgery, rejection }: Candidate,
	{ events, concurrency }: RoundOptions,
): Promise<number | undefined> {
	if (!createForgery || !rejection) return undefined;
	const deliveries = Array.from({ length: events }, () =>
		createForgery(`evt_forged_${eventCount++}_`),
	);
	const previousId = await readLatestExecutionId(n8n);
	const started = Date.now();
	const expectedStatus = rejection.status;
	await sendConcurrently({ urls: [url()], deliveries, concurrency, expectedStatus });
	const responded = Date.now();
	await waitForExecutions(n8n, workflow.id);
	const rows = await readExecutionsAfter(previousId, n8n, workflow.id);
	const expected = rejection.startsExecution ? events : 0;
	if (rows.length !== expected) {
		throw new Error(
			`${events} forged requests started ${rows.length} executions instead of ${expected}`,
		);
	}
	const ended = rejection.startsExecution ? lastEnd(rows) : responded;
	return events / ((ended - started) / 1_000);
}

async function waitForExecutions(n8n: N8n, workflowId: string): Promise<void> {
	const countUnfinished = async () =>
		await n8n.executions
			.count({ workflowId, status: [...UNFINISHED] })
			.catch((error: RestError) => (error.status === DATABASE_BUSY ? 1 : Promise.reject(error)));
	while ((await countUnfinished()) > 0) await sleep(POLL_INTERVAL_MS);
}

async function readLatestExecutionId(n8n: N8n): Promise<number> {
	const [row] = await n8n.database.query<{ id: number | null }>(
		'SELECT max(id) AS id FROM execution_entity',
	);
	return row?.id ?? 0;
}

async function readExecutionsAfter(
	id: number,
	n8n: N8n,
	workflowId: string,
): Promise<ExecutionRow[]> {
	return await n8n.database.query<ExecutionRow>(
		`SELECT status, stoppedAt, data FROM execution_entity
		JOIN execution_data ON executionId = id
		WHERE workflowId = '${workflowId}' AND id > ${id}`,
	);
}

function lastEnd(rows: ExecutionRow[]): number {
	return Math.max(...rows.map(({ stoppedAt }) => Date.parse(`${stoppedAt}Z`)));
}

function assertEachRanOnce({ name }: Candidate, ids: string[], rows: ExecutionRow[]): void {
	const failed = rows.filter(({ status }) => status !== 'success');
	const [first] = failed;
	if (first) {
		const data = first.data.slice(0, 2_000);
		throw new Error(`${name}: ${failed.length} executions failed. The first one: ${data}`);
	}
	const seen = rows.flatMap(({ data }) => [...new Set(data.match(/evt_bench_\d+_/g))]);
	const lost = ids.filter((id) => !seen.includes(id));
	if (lost.length > 0) throw new Error(`${name} lost ${lost.length} events`);
	if (seen.length > ids.length) throw new Error(`${name} ran events more than once`);
}
