// How queue mode grows with webhook processes and workers: `npm run bench -- scaling`. For Linux.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { N8N_VERSION } from '../lab/index.mts';
import { workflowWith } from '../testEnvironment/workflow.mts';
import { setQueueStage } from '../../test/support/queueStage.mts';
import { ScalingLab, type Size } from './scalingLab.mts';
import { median } from './statistics.mts';

const SIZES: Size[] = [
	{ webhookProcesses: 1, workers: 1 },
	{ webhookProcesses: 1, workers: 2 },
	{ webhookProcesses: 2, workers: 1 },
	{ webhookProcesses: 2, workers: 2 },
	{ webhookProcesses: 3, workers: 3 },
];
const QUICK_SIZES = [SIZES[0]!, SIZES[3]!];
const WORKFLOWS = { single: {}, 'batches of 50': { batchSize: 50, batchWindow: 100 } };

const { values } = parseArgs({
	options: {
		rounds: { type: 'string', default: '3' },
		events: { type: 'string', default: '1000' },
		quick: { type: 'boolean', default: false },
		json: { type: 'boolean', default: false },
	},
});
const rounds = values.quick ? 1 : Number(values.rounds);
const events = values.quick ? 100 : Number(values.events);
const sizes = values.quick ? QUICK_SIZES : SIZES;
const largest = sizes.at(-1)!;
const say = (text: string) => (values.json ? console.error(text) : console.log(text));

const stage = await setQueueStage({
	...largest,
	workflows: Object.entries(WORKFLOWS).map(([id, options]) =>
		workflowWith(idOf(id), { events: ['*'], options }),
	),
	env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true', N8N_LOG_LEVEL: 'warn' },
});
try {
	for (const name of Object.keys(WORKFLOWS)) {
		await stage.n8n.main.workflows.publish(idOf(name));
	}
	say(
		`n8n ${N8N_VERSION} with PostgreSQL and Redis, isolates on demand, ${cpus().length} cores for all of it and ` +
			`for the load; ${rounds} rounds of ${events} events, 64 at a time`,
	);
	const lab = new ScalingLab(stage);
	const results = [];
	for (const size of sizes) {
		await lab.resize(size);
		for (const workflow of Object.keys(WORKFLOWS)) {
			await lab.run(idOf(workflow), Math.ceil(events / 5)); // warms up
			const runs = [];
			for (let round = 0; round < rounds; round++) runs.push(await lab.run(idOf(workflow), events));
			runs.sort((one, other) => one.perSecond - other.perSecond);
			// The whole of one round rather than medians of different ones.
			const middle = runs[Math.floor(runs.length / 2)]!;
			results.push({ ...size, workflow, ...middle, rates: runs.map(({ perSecond }) => perSecond) });
		}
	}
	if (values.json) {
		console.log(JSON.stringify(results, null, '\t'));
	} else {
		for (const { webhookProcesses, workers, workflow, parts, ...run } of results) {
			console.log(
				`\n${webhookProcesses} webhook processes, ${workers} workers, ${workflow}: ` +
					`${Math.round(median(run.rates))} events/s (${run.rates.map(Math.round).join(', ')}), ` +
					`answers ${Math.round(run.p50Ms)} ms (median), ${Math.round(run.p99Ms)} ms (99 %), ` +
					`${run.executions} executions`,
			);
			console.table(parts);
		}
	}
} finally {
	await stage.close();
}

function idOf(name: string): string {
	return name.replaceAll(' ', '');
}
