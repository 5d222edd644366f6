// Events per second in a real n8n, compared with other ways to receive webhooks: `npm run bench -- throughput`. Linux only.
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { N8N_VERSION } from '../../lab/index.mts';
import { rotate } from '../statistics.mts';
import { createResults, printResults, type Results } from './results.mts';
import { measureRejections, runRound } from './round.mts';
import { ENGINES, startSetup, type Engine } from './setup.mts';

const { values } = parseArgs({
	options: {
		rounds: { type: 'string', default: '5' },
		/** Events of each candidate in a round; a sixth of it with the default engine, which is slow. */
		events: { type: 'string', default: '240' },
		/** Comma-separated numbers of concurrent requests. */
		concurrency: { type: 'string', default: '1,8,64,256' },
		/** Seconds without events before each measurement. */
		pause: { type: 'string', default: '0' },
		/** Comma-separated names or prefixes of engines, such as `legacy`. */
		engines: { type: 'string', default: '' },
		/** Comma-separated names of candidates. */
		only: { type: 'string' },
		/** One round of few events with lazy isolates. */
		quick: { type: 'boolean', default: false },
		/** Writes all results to this file. */
		json: { type: 'string' },
	},
});
const concurrencies = values.concurrency.split(',').map(Number);
const WARM_UP = { events: 20, concurrency: 1 };
const rounds = values.quick ? 1 : Number(values.rounds);
const events = values.quick ? 80 : Number(values.events);
const logProgress = (line: string) => console.error(line);

const prefixes = values.quick ? ['lazy'] : values.engines.split(',');
const engines = (Object.keys(ENGINES) as Engine[]).filter((engine) =>
	prefixes.some((prefix) => engine.startsWith(prefix)),
);
const results: Results[] = [];
for (const engine of engines) {
	results.push(...(await measure(engine)));
	await save();
}
printResults(results);

async function save(): Promise<void> {
	if (!values.json) return;
	const conditions = { n8n: N8N_VERSION, node: process.version, date: new Date().toISOString() };
	const contents = { ...conditions, rounds, events, results };
	await writeFile(values.json, JSON.stringify(contents, null, '\t'));
}

async function measure(engine: Engine): Promise<Results[]> {
	logProgress(`\n${engine}: starting n8n`);
	const setup = await startSetup(engine, logProgress);
	const { n8n } = setup;
	const names = values.only?.split(',');
	const candidates = setup.candidates.filter(({ name }) => names?.includes(name) ?? true);
	const eventsPerRound = engine === 'default' ? Math.ceil(events / 6) : events;
	const measured = concurrencies.map((concurrency) =>
		createResults(engine, concurrency, candidates),
	);
	try {
		// Without concurrency, because Remove Duplicates fails if its first events are concurrent.
		for (const candidate of candidates) await runRound(n8n, candidate, WARM_UP);
		for (let round = 0; round < rounds; round++) {
			logProgress(`${engine}: round ${round + 1} of ${rounds}`);
			for (const { concurrency, byCandidate } of measured) {
				const options = { events: eventsPerRound, concurrency };
				for (const candidate of rotate(candidates, round)) {
					const measurement = byCandidate[candidate.name]!;
					await sleep(Number(values.pause) * 1_000);
					measurement.rounds.push(await runRound(n8n, candidate, options));
					if (concurrency !== concurrencies[0]) continue;
					const rejections = await measureRejections(n8n, candidate, options);
					if (rejections !== undefined) measurement.rejectionsPerSecond.push(rejections);
				}
			}
		}
	} finally {
		await setup.close();
	}
	return measured;
}
