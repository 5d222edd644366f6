// A real n8n under half of its top speed for a while: `npm run bench -- soak`. For Linux.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { setStage } from '../testEnvironment/stage.mts';
import { N8N_VERSION } from '../lab/index.mts';
import { LAST_NODE } from '../testEnvironment/workflow.mts';
import { heapMib, TELLING_OF_HEAP } from '../../test/support/heap.mts';
import { Sink } from '../../test/support/sink.mts';
import { workflowThatActs } from '../../test/support/workflowThatActs.mts';
import { usageOf } from './processUsage.mts';
import { percentile } from './statistics.mts';
import { deliverAtATime, deliverPerSecond } from './timedLoad.mts';

const ID = 'soak';
const WARM_UP = 100;
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
		events: { type: 'string', default: '600' },
	},
});
const minutes = Number(values.minutes);
const forTopSpeed = Number(values.events);

const sink = new Sink(() => ({ failures: 0, delayMs: 0 }));
await sink.start();
const stage = await setStage({
	n8n: {
		editor: false,
		workflows: [workflowThatCalls(sink.url)],
		env: {
			N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
			N8N_LOG_LEVEL: 'warn',
			...PRUNING,
			...TELLING_OF_HEAP,
		},
	},
});
try {
	const { n8n, simulator } = stage;
	await n8n.workflows.publish(ID);
	const { url, secret } = simulator.webhooks()[0]!;
	let delivered = 0;
	const load = (count: number) => ({
		urls: [url],
		secret,
		ids: Array.from({ length: count }, () => `evt_${delivered++}`),
	});
	const allDone = async () => {
		const underWay = async () => await n8n.executions.count({ status: ['new', 'running'] });
		while ((await underWay()) > 0) await sleep(200);
	};

	await deliverAtATime(load(WARM_UP), 8);
	await allDone();
	const started = performance.now();
	await deliverAtATime(load(forTopSpeed), 16);
	await allDone();
	const topSpeed = forTopSpeed / ((performance.now() - started) / 1_000);
	const perSecond = topSpeed / 2;
	console.log(
		`n8n ${N8N_VERSION} with SQLite, isolates on demand, pruning on: ${topSpeed.toFixed(1)} events/s at most, ` +
			`and now ${perSecond.toFixed(1)} for ${minutes} minutes`,
	);

	const tellOfMemory = async () => {
		const heap = Math.round(await heapMib(n8n));
		console.log(`memory: ${Math.round(usageOf(n8n.pid!).memoryMb)} MB, of the heap ${heap} MiB`);
	};
	await tellOfMemory();
	for (let minute = 1; minute <= minutes; minute++) {
		const times = await deliverPerSecond(load(Math.round(perSecond * 60)), perSecond);
		const [p50, p99] = [50, 99].map((percent) => Math.round(percentile(times, percent)));
		console.log(`minute ${minute}: answered in ${p50} ms (median), ${p99} ms (99 %)`);
		await tellOfMemory();
	}
	await allDone();
	const runs = sink.effects.length;
	console.log(`${delivered} events, each sent once, and ${runs} runs`);
	process.exitCode = runs === delivered ? 0 : 1;
} finally {
	await stage.close();
	await sink.stop();
}

/** It says nothing of the event, for that would take an expression, and what counts here is how many come. */
function workflowThatCalls(to: string) {
	const workflow = workflowThatActs(ID, { events: ['*'] }, to);
	const nodes = workflow.nodes.map((node) =>
		node.name === LAST_NODE
			? { ...node, parameters: { ...node.parameters, jsonBody: '{}' } }
			: node,
	);
	return { ...workflow, nodes };
}
