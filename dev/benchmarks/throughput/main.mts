// Executions a second in a real n8n, beside what a user would take instead: `npm run bench -- throughput`. For Linux.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { N8N_VERSION } from '../../lab/index.mts';
import { openArena } from './arena.mts';
import { ENGINES, type Engine } from './engines.mts';
import { runHeat, refusalsPerSecond } from './heat.mts';
import { printResults } from './print.mts';
import { noResults, type Results } from './results.mts';

const { values } = parseArgs({
	options: {
		/** Rounds in which every contender has its turn. */
		rounds: { type: 'string', default: '5' },
		/** Events of a turn; a sixth of it where an isolate is made for each. */
		events: { type: 'string', default: '240' },
		/** Engines by their first letters, such as `legacy`, separated by commas. */
		engines: { type: 'string', default: '' },
		/** Contenders by name, separated by commas. */
		only: { type: 'string' },
		/** One round of few events with the engine that is fastest. */
		quick: { type: 'boolean', default: false },
		/** A file for all that was measured. */
		json: { type: 'string' },
	},
});
const CONCURRENCIES = [8, 64];
const rounds = values.quick ? 1 : Number(values.rounds);
const events = values.quick ? 80 : Number(values.events);
const say = (line: string) => console.error(line);

const engines = (Object.keys(ENGINES) as Engine[]).filter((engine) =>
	values.quick
		? engine === 'lazy'
		: values.engines.split(',').some((beginning) => engine.startsWith(beginning)),
);
const results: Results[] = [];
for (const engine of engines) {
	results.push(...(await measure(engine)));
	await save();
}
printResults(results);

async function save(): Promise<void> {
	if (!values.json) return;
	const made = { n8n: N8N_VERSION, node: process.version, date: new Date().toISOString() };
	await writeFile(values.json, JSON.stringify({ ...made, rounds, events, results }, null, '\t'));
}

async function measure(engine: Engine): Promise<Results[]> {
	say(`\n${engine}: starting n8n`);
	const arena = await openArena(engine, say);
	const { n8n } = arena;
	const wanted = values.only?.split(',');
	const contenders = arena.contenders.filter(({ name }) => wanted?.includes(name) ?? true);
	const turn = engine === 'default' ? Math.ceil(events / 6) : events;
	const measured = CONCURRENCIES.map((concurrency) => noResults(engine, concurrency, contenders));
	try {
		// One at a time: Remove Duplicates fails where its very first events come at once.
		for (const one of contenders) await runHeat(n8n, one, { events: 20, concurrency: 1 });
		for (let round = 0; round < rounds; round++) {
			say(`${engine}: round ${round + 1} of ${rounds}`);
			for (const { concurrency, of } of measured) {
				// Whoever goes first has the quieter machine, or the colder one: each goes first in turn.
				const first = round % contenders.length;
				for (const one of [...contenders.slice(first), ...contenders.slice(0, first)]) {
					const load = { events: turn, concurrency };
					of[one.name]!.heats.push(await runHeat(n8n, one, load));
					if (concurrency !== CONCURRENCIES[0]) continue;
					const refusals = await refusalsPerSecond(n8n, one, load);
					if (refusals !== undefined) of[one.name]!.refusalsPerSecond.push(refusals);
				}
			}
		}
	} finally {
		await arena.close();
	}
	return measured;
}
