// A real n8n at half of its maximum rate for ten minutes: `npm run bench -- soak`. Linux only.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { N8N_VERSION } from '../lab/index.mts';
import { HEAP_REPORT_ENV, measureHeapMib } from '../testEnvironment/heap.mts';
import { SideEffectServer } from '../testEnvironment/sideEffectServer.mts';
import { createSideEffectWorkflow } from '../testEnvironment/sideEffectWorkflow.mts';
import { startEnvironment } from '../testEnvironment/testEnvironment.mts';
import { RESULT_NODE } from '../testEnvironment/triggerWorkflow.mts';
import { sendAtRate, sendConcurrently, createSignedEvent } from './load.mts';
import { readUsage } from './processUsage.mts';
import { percentile } from './statistics.mts';

const ID = 'soak';
const WARM_UP_EVENTS = 100;
const PRUNING = {
	EXECUTIONS_DATA_PRUNE: 'true',
	EXECUTIONS_DATA_PRUNE_MAX_COUNT: '1000',
	EXECUTIONS_DATA_PRUNE_SOFT_DELETE_INTERVAL: '1',
	EXECUTIONS_DATA_PRUNE_HARD_DELETE_INTERVAL: '1',
	EXECUTIONS_DATA_HARD_DELETE_BUFFER: '0',
};

const { values } = parseArgs({
	options: {
		minutes: { type: 'string', default: '10' },
		/** Number of events that measure the maximum rate. */
		events: { type: 'string', default: '600' },
	},
});
const minutes = Number(values.minutes);

const server = new SideEffectServer(() => ({ failures: 0, delayMs: 0 }));
await server.start();
const environment = await startEnvironment({
	n8n: {
		editor: false,
		workflows: [createWorkflow(server.url)],
		env: {
			N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
			N8N_LOG_LEVEL: 'warn',
			...PRUNING,
			...HEAP_REPORT_ENV,
		},
	},
});
const { n8n, simulator } = environment;
let sent = 0;
try {
	await n8n.workflows.publish(ID);
	const { url, secret } = simulator.webhooks()[0]!;
	const createDeliveries = (count: number) =>
		Array.from({ length: count }, () => createSignedEvent(`evt_${sent++}`, secret));
	const sendAll = async (count: number, concurrency: number) => {
		await sendConcurrently({ urls: [url], deliveries: createDeliveries(count), concurrency });
		await waitForExecutions();
	};

	await sendAll(WARM_UP_EVENTS, 8);
	const started = performance.now();
	await sendAll(Number(values.events), 16);
	const maximumRate = Number(values.events) / ((performance.now() - started) / 1_000);
	const rate = maximumRate / 2;
	console.log(
		`n8n ${N8N_VERSION}, SQLite, lazy isolates, pruning on. Maximum ${maximumRate.toFixed(1)} events/s; ` +
			`now ${rate.toFixed(1)} events/s for ${minutes} minutes`,
	);

	await logMemory();
	for (let minute = 1; minute <= minutes; minute++) {
		const latencies = await sendAtRate(url, createDeliveries(Math.round(rate * 60)), rate);
		const [p50, p99] = [50, 99].map((percent) => Math.round(percentile(latencies, percent)));
		console.log(`minute ${minute}: latency ${p50} ms (median), ${p99} ms (p99)`);
		await logMemory();
	}
	await waitForExecutions();
	const calls = server.sideEffects.length;
	console.log(`${sent} events sent once each, ${calls} calls from executions`);
	process.exitCode = calls === sent ? 0 : 1;
} finally {
	await environment.close();
	await server.stop();
}

async function waitForExecutions(): Promise<void> {
	const countRunning = async () => await n8n.executions.count({ status: ['new', 'running'] });
	while ((await countRunning()) > 0) await sleep(200);
}

async function logMemory(): Promise<void> {
	const heap = Math.round(await measureHeapMib(n8n));
	const { memoryMib } = readUsage(n8n.pid!);
	console.log(`memory: ${Math.round(memoryMib)} MiB, heap: ${heap} MiB`);
}

/** The HTTP request has an empty body, because an expression in it would need an isolate. */
function createWorkflow(url: string) {
	const workflow = createSideEffectWorkflow(ID, { events: ['*'] }, url);
	const nodes = workflow.nodes.map((node) =>
		node.name === RESULT_NODE
			? { ...node, parameters: { ...node.parameters, jsonBody: '{}' } }
			: node,
	);
	return { ...workflow, nodes };
}
