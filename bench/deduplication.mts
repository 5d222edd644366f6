// What the durable record costs in executions a second, beside deduplication off: `npm run bench:deduplication`.
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';

import { setStage } from '../demo/stage.mts';
import { N8N_VERSION, type N8n } from '../lab/index.mts';
import { REMEMBERED_EVENTS } from '../nodes/MindPeekerTrigger/deduplication/durableRecord.ts';
import { workflowWith } from '../test/e2e/harness/workflow.mts';
import { deliverAll, waitForSuccesses } from './load.mts';
import { median, spread } from './statistics.mts';

const MODES = ['off', 'memory', 'durable'] as const;
const CONCURRENCIES = [8, 64];
const LEAST_RATIO = 0.95;

const { values } = parseArgs({
	options: {
		rounds: { type: 'string', default: '7' },
		events: { type: 'string', default: '400' },
	},
});
const rounds = Number(values.rounds);
const events = Number(values.events);

const stage = await setStage({
	onProgress: (line) => console.log(line),
	n8n: {
		editor: false,
		workflows: MODES.map((deduplication) =>
			workflowWith(deduplication, { events: ['*'], options: { deduplication } }),
		),
		env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true', N8N_LOG_LEVEL: 'warn' },
	},
});
try {
	const { n8n, simulator } = stage;
	for (const mode of MODES) await n8n.workflows.publish(mode);
	const done = new Map<string, number>();
	const recorded: string[] = [];

	/** Executions a second, until the last one has ended. */
	const run = async (mode: string, concurrency: number): Promise<number> => {
		const { url, secret } = simulator
			.webhooks()
			.find((webhook) => webhook.url.includes(`/${mode}-`))!;
		const before = done.get(mode) ?? 0;
		const ids = Array.from({ length: events }, (_, index) => `evt_${mode}_${before + index}`);
		const started = performance.now();
		await deliverAll({ url, secret, ids, concurrency });
		await waitForSuccesses(n8n, mode, before + events);
		done.set(mode, before + events);
		if (mode === 'durable') recorded.push(...ids);
		return events / ((performance.now() - started) / 1_000);
	};

	console.log(
		`n8n ${N8N_VERSION}, isolates on demand, ${rounds} rounds of ${events} events in turn`,
	);
	for (const mode of MODES) await run(mode, 8);
	for (const concurrency of CONCURRENCIES) {
		const rates: Record<(typeof MODES)[number], number[]> = { off: [], memory: [], durable: [] };
		for (let round = 0; round < rounds; round++) {
			// Whoever goes first has the quieter machine, or the colder one: each goes first in turn.
			const order = [...MODES.slice(round % 3), ...MODES.slice(0, round % 3)];
			for (const mode of order) rates[mode].push(await run(mode, concurrency));
		}
		console.log(`\n${concurrency} at a time`);
		console.table(
			Object.fromEntries(
				MODES.map((mode) => {
					const ratios = rates[mode].map((rate, round) => rate / rates.off[round]!);
					const ratio = median(ratios);
					return [
						mode,
						{
							'executions/s': Math.round(median(rates[mode])),
							'to off': Number(ratio.toFixed(2)),
							'(min–max)': spread(ratios),
							[`at least ${LEAST_RATIO}`]: ratio >= LEAST_RATIO ? 'yes' : 'NO',
						},
					];
				}),
			),
		);
	}
	console.log(`\nrecords kept: ${await recordsKept(n8n, recorded.slice(-REMEMBERED_EVENTS))}`);
} finally {
	await stage.close();
}

/** How many of the last events n8n's database remembers. */
async function recordsKept(n8n: N8n, ids: readonly string[]): Promise<string> {
	const rows = await n8n.database.query<{ value: string }>(
		"SELECT value FROM processed_data WHERE workflowId = 'durable'",
	);
	const { data } = JSON.parse(rows[0]?.value ?? '{"data":[]}') as { data: string[] };
	const entries = new Set(data);
	const isKept = (id: string) => entries.has(createHash('md5').update(`${id}|`).digest('base64'));
	return `${ids.filter(isKept).length} of ${ids.length}`;
}
