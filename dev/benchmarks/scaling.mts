// Events per second in queue mode, by number of webhook processes and workers: `npm run bench -- scaling`. Linux only.
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { N8N_VERSION } from '../lab/index.mts';
import type { N8nProcess } from '../lab/n8nProcess.mts';
import type { QueueProcess } from '../lab/queue/queueMode.mts';
import { startQueueEnvironment } from '../testEnvironment/queueEnvironment.mts';
import { createTriggerWorkflow } from '../testEnvironment/triggerWorkflow.mts';
import { sendConcurrently, createSignedEvent } from './load.mts';
import { readUsage, type Usage } from './processUsage.mts';
import { percentile } from './statistics.mts';

interface Size {
	webhookProcesses: number;
	workers: number;
}

interface Round {
	/** Until the last execution ended. */
	eventsPerSecond: number;
	latenciesMs: number[];
	executions: number;
	/** By process name. A core is processor time divided by elapsed time. */
	processes: Record<string, { cores: number; memoryMib: number }>;
}

const SIZES: Size[] = [
	{ webhookProcesses: 1, workers: 1 },
	{ webhookProcesses: 1, workers: 2 },
	{ webhookProcesses: 2, workers: 1 },
	{ webhookProcesses: 2, workers: 2 },
	{ webhookProcesses: 3, workers: 3 },
];
const QUICK_SIZES = [SIZES[0]!, SIZES[3]!];
/** Options of the trigger, by workflow. */
const WORKFLOWS = { single: {}, batchesOf50: { batchSize: 50 } };
const CONCURRENCY = 64;
const POLL_INTERVAL_MS = 500;

const { values } = parseArgs({
	options: {
		rounds: { type: 'string', default: '3' },
		events: { type: 'string', default: '1000' },
		/** One short round of two sizes. */
		quick: { type: 'boolean', default: false },
		/** Prints JSON instead of tables. */
		json: { type: 'boolean', default: false },
	},
});
const rounds = values.quick ? 1 : Number(values.rounds);
const events = values.quick ? 100 : Number(values.events);
const sizes = values.quick ? QUICK_SIZES : SIZES;
let eventCount = 0;

const environment = await startQueueEnvironment({
	...sizes.at(-1)!,
	workflows: Object.entries(WORKFLOWS).map(([id, options]) =>
		createTriggerWorkflow(id, { events: ['*'], options }),
	),
	env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true', N8N_LOG_LEVEL: 'warn' },
});
const { n8n, simulator } = environment;
try {
	console.error(
		`n8n ${N8N_VERSION}, PostgreSQL, Redis, lazy isolates. n8n and the load share ${cpus().length} cores. ` +
			`${rounds} rounds of ${events} events, ${CONCURRENCY} concurrent requests`,
	);
	for (const workflowId of Object.keys(WORKFLOWS)) await n8n.main.workflows.publish(workflowId);
	const results = [];
	for (const size of sizes) {
		await resize(size);
		for (const workflowId of Object.keys(WORKFLOWS)) {
			results.push({ ...size, workflowId, ...(await measure(size, workflowId)) });
		}
	}
	if (values.json) console.log(JSON.stringify(results, null, '\t'));
	else results.forEach(printResult);
} finally {
	await environment.close();
}

/** Returns the round with the median rate, rather than medians of several rounds. */
async function measure(size: Size, workflowId: string) {
	await runRound(size, workflowId, Math.ceil(events / 5)); // warm-up
	const all: Round[] = [];
	for (let round = 0; round < rounds; round++) {
		all.push(await runRound(size, workflowId, events));
	}
	all.sort((one, other) => one.eventsPerSecond - other.eventsPerSecond);
	const { latenciesMs, ...middle } = all[Math.floor(all.length / 2)]!;
	return {
		...middle,
		p50Ms: percentile(latenciesMs, 50),
		p99Ms: percentile(latenciesMs, 99),
		rates: all.map(({ eventsPerSecond }) => eventsPerSecond),
	};
}

function printResult(result: Size & { workflowId: string } & Awaited<ReturnType<typeof measure>>) {
	const { webhookProcesses, workers, workflowId, processes, rates, ...round } = result;
	console.log(
		`\n${webhookProcesses} webhook processes, ${workers} workers, ${workflowId}: ` +
			`${Math.round(round.eventsPerSecond)} events/s (${rates.map(Math.round).join(', ')}), ` +
			`latency ${Math.round(round.p50Ms)} ms (median), ${Math.round(round.p99Ms)} ms (p99), ` +
			`${round.executions} executions`,
	);
	console.table(processes);
}

/** Rejects if a response is not 200 or an execution fails. */
async function runRound(size: Size, workflowId: string, count: number): Promise<Round> {
	const webhook = simulator.webhooks().find(({ url }) => url.includes(`/${workflowId}-`))!;
	const { pathname } = new URL(webhook.url);
	const urls = n8n.webhookProcesses
		.slice(0, size.webhookProcesses)
		.map(({ url }) => url + pathname);
	const deliveries = Array.from({ length: count }, () =>
		createSignedEvent(`evt_${eventCount++}`, webhook.secret),
	);
	const { count: executionsBefore } = await readExecutions(workflowId);
	const usageBefore = readUsageByProcess(size);
	const started = Date.now();
	const { latenciesMs, serverErrors } = await sendConcurrently({
		urls,
		deliveries,
		concurrency: CONCURRENCY,
	});
	if (serverErrors > 0) throw new Error(`${serverErrors} responses were 5xx`);
	const { count: executions, lastEndedAt } = await waitForExecutions(workflowId);
	const seconds = (lastEndedAt - started) / 1_000;
	const processes = Object.entries(readUsageByProcess(size)).map(([name, usage]) => {
		const cores = (usage.cpuSeconds - usageBefore[name]!.cpuSeconds) / seconds;
		return [name, { cores: Number(cores.toFixed(2)), memoryMib: Math.round(usage.memoryMib) }];
	});
	return {
		eventsPerSecond: count / seconds,
		latenciesMs,
		executions: executions - executionsBefore,
		processes: Object.fromEntries(processes) as Round['processes'],
	};
}

function readUsageByProcess(size: Size): Record<string, Usage> {
	const byName = (name: string, parts: readonly QueueProcess[]) =>
		parts.map(({ process: { pid } }, index) => [`${name} ${index + 1}`, readUsage(pid!)] as const);
	// All other processes are children of this one, so readUsage() would include them.
	const { user, system } = process.cpuUsage();
	const load = {
		cpuSeconds: (user + system) / 1e6,
		memoryMib: process.memoryUsage.rss() / 2 ** 20,
	};
	return Object.fromEntries([
		['main', readUsage(n8n.main.pid!)],
		...byName('webhook process', n8n.webhookProcesses.slice(0, size.webhookProcesses)),
		...byName('worker', n8n.workers.slice(0, size.workers)),
		['PostgreSQL', readUsage(n8n.postgres.pid!)],
		['Redis', readUsage(n8n.redis.pid!)],
		['load and simulator', load],
	]);
}

async function waitForExecutions(workflowId: string) {
	for (;;) {
		const executions = await readExecutions(workflowId);
		if (executions.failed > 0) throw new Error(`${executions.failed} executions failed`);
		if (executions.running === 0) return executions;
		await sleep(POLL_INTERVAL_MS);
	}
}

async function readExecutions(workflowId: string) {
	const rows = await n8n.postgres.query<Record<string, number>>(
		`SELECT count(*) FILTER (WHERE status IN ('new', 'running')) AS running,
			count(*) FILTER (WHERE status IN ('error', 'crashed', 'canceled')) AS failed,
			count(*), extract(epoch FROM max("stoppedAt")) * 1000 AS "lastEndedAt"
		FROM execution_entity WHERE "workflowId" = '${workflowId}'`,
	);
	const { running = 0, failed = 0, count = 0, lastEndedAt = 0 } = rows[0] ?? {};
	return { running, failed, count, lastEndedAt };
}

/** Starts and stops processes so that exactly this many run. */
async function resize(size: Size): Promise<void> {
	await runOnly(n8n.webhookProcesses, size.webhookProcesses);
	await runOnly(n8n.workers, size.workers);
}

async function runOnly(parts: readonly QueueProcess[], count: number): Promise<void> {
	const processes = parts.map(({ process }): N8nProcess => process);
	await Promise.all(
		processes.map(async (process, index) => {
			if (index >= count) await process.stop();
			else if (process.pid === undefined) await process.start();
		}),
	);
}
