import { setTimeout as sleep } from 'node:timers/promises';

import type { N8n, RestError } from '../../lab/index.mts';
import { deliverAll } from '../load.mts';
import type { Contender } from './contenders/contender.mts';
import { watchMemory } from './peakMemory.mts';

/** What came of a number of events sent to one contender. */
export interface Heat {
	/** Until the last execution had ended. */
	eventsPerSecond: number;
	/** Of each delivery, in milliseconds. */
	answerTimes: number[];
	/** Attempts that n8n answered with a 5xx, and that were made again. */
	refused: number;
	executions: number;
	/** Of n8n and what it has started, in MiB. */
	peakMib: number;
}

interface Row {
	status: string;
	/** As n8n has them: UTC, with milliseconds. */
	stoppedAt: string;
	data: string;
}

const POLL_MS = 150; // asking n8n costs it time, too
const DATABASE_NOT_READY = 503; // what n8n answers where its database is slow
const UNDER_WAY = ['new', 'running', 'waiting'] as const;
let eventsSoFar = 0;

/** Sends events and waits until n8n is done with them. Rejects where one was lost, ran twice or failed. */
export async function runHeat(
	n8n: N8n,
	contender: Contender,
	{ events, concurrency }: { events: number; concurrency: number },
): Promise<Heat> {
	const ids = Array.from({ length: events }, () => `evt_bench_${eventsSoFar++}_`);
	const deliveries = ids.map((id) => contender.delivery(id));
	const before = await latestExecution(n8n);
	const stopWatching = watchMemory(n8n.pid!);
	const started = Date.now();
	const answers = await deliverAll({ url: contender.url(), deliveries, concurrency });
	await untilAtRest(n8n, contender.workflow.id);
	const peakMib = stopWatching();
	const rows = await executionsSince(n8n, contender.workflow.id, before);
	assertEachRanOnce(contender, ids, rows);
	const ended = Math.max(...rows.map(({ stoppedAt }) => Date.parse(`${stoppedAt}Z`)));
	return {
		eventsPerSecond: events / ((ended - started) / 1_000),
		answerTimes: answers.times,
		refused: answers.refused,
		executions: rows.length,
		peakMib,
	};
}

/** How many forged requests a second a contender is done with. Rejects where one is taken that must not be. */
export async function refusalsPerSecond(
	n8n: N8n,
	{ workflow, url, forged, refusal }: Contender,
	{ events, concurrency }: { events: number; concurrency: number },
): Promise<number | undefined> {
	if (!forged || !refusal) return undefined;
	const deliveries = Array.from({ length: events }, () => forged(`evt_forged_${eventsSoFar++}_`));
	const before = await latestExecution(n8n);
	const started = Date.now();
	await deliverAll({ url: url(), deliveries, concurrency, status: refusal.status });
	let ended = Date.now();
	await untilAtRest(n8n, workflow.id);
	const rows = await executionsSince(n8n, workflow.id, before);
	const expected = refusal.startsExecution ? events : 0;
	if (rows.length !== expected) {
		throw new Error(`Of ${events} forgeries ${rows.length} started executions, not ${expected}`);
	}
	if (expected > 0) ended = Math.max(...rows.map(({ stoppedAt }) => Date.parse(`${stoppedAt}Z`)));
	return events / ((ended - started) / 1_000);
}

async function untilAtRest(n8n: N8n, workflowId: string): Promise<void> {
	const underWay = async () =>
		await n8n.executions
			.count({ workflowId, status: [...UNDER_WAY] })
			.catch((error: RestError) =>
				error.status === DATABASE_NOT_READY ? 1 : Promise.reject(error),
			);
	while ((await underWay()) > 0) await sleep(POLL_MS);
}

async function latestExecution(n8n: N8n): Promise<number> {
	const [row] = await n8n.database.query<{ id: number | null }>(
		'SELECT max(id) AS id FROM execution_entity',
	);
	return row?.id ?? 0;
}

async function executionsSince(n8n: N8n, workflowId: string, id: number): Promise<Row[]> {
	return await n8n.database.query<Row>(
		`SELECT status, stoppedAt, data FROM execution_entity
		JOIN execution_data ON executionId = id
		WHERE workflowId = '${workflowId}' AND id > ${id}`,
	);
}

function assertEachRanOnce(contender: Contender, ids: string[], rows: Row[]): void {
	const failed = rows.filter(({ status }) => status !== 'success');
	const [first] = failed;
	if (first) {
		throw new Error(
			`${contender.name}: ${failed.length} did not succeed, such as ${first.data.slice(0, 2_000)}`,
		);
	}
	const seen = rows.flatMap(({ data }) => [...new Set(data.match(/evt_bench_\d+_/g))]);
	const lost = ids.filter((id) => !seen.includes(id));
	if (lost.length > 0) throw new Error(`${contender.name} lost ${lost.length} events`);
	if (seen.length > ids.length) throw new Error(`${contender.name} ran events twice`);
}
