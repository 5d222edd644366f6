import { RESPONSE_TIMEOUT_MS } from '../../../nodes/shared/retrySchedule.ts';
import { formatRange, median, percentile } from '../statistics.mts';
import type { Candidate } from './candidates/candidate.mts';
import type { Round } from './round.mts';
import type { Engine } from './setup.mts';

export interface Measurement {
	rounds: Round[];
	/** One for each round; empty if the candidate does not verify signatures. */
	rejectionsPerSecond: number[];
}

/** All measurements with one engine and one number of concurrent requests. */
export interface Results {
	engine: Engine;
	concurrency: number;
	byCandidate: Record<string, Measurement>;
}

/** All other candidates are compared with these. */
const COMPARED_WITH = [
	'off',
	'baseline',
	'baseline with a credential',
	'Webhook',
	'Webhook and verification',
	'GitHub Trigger',
];

export function createResults(
	engine: Engine,
	concurrency: number,
	candidates: readonly Candidate[],
): Results {
	const empty = (): Measurement => ({ rounds: [], rejectionsPerSecond: [] });
	const byCandidate = Object.fromEntries(candidates.map(({ name }) => [name, empty()]));
	return { engine, concurrency, byCandidate };
}

/** Prints one table for each engine and number of concurrent requests. */
export function printResults(results: readonly Results[]): void {
	for (const { engine, concurrency, byCandidate } of results) {
		console.log(`\n${engine}, ${concurrency} concurrent requests`);
		const rows = Object.entries(byCandidate).map(([name, measurement]) => [
			name,
			createRow(measurement, byCandidate),
		]);
		console.table(Object.fromEntries(rows));
	}
}

function createRow(measurement: Measurement, byCandidate: Results['byCandidate']) {
	const { rounds, rejectionsPerSecond } = measurement;
	const ratios = COMPARED_WITH.filter((name) => byCandidate[name]).map((name) => [
		`to ${name}`,
		formatRatios(measurement, byCandidate[name]!),
	]);
	const medianLatency = (percent: number) =>
		Number(median(rounds.map(({ latenciesMs }) => percentile(latenciesMs, percent))).toFixed(1));
	return {
		'events/s': Number(median(rounds.map(({ eventsPerSecond }) => eventsPerSecond)).toFixed(1)),
		...(Object.fromEntries(ratios) as Record<string, string>),
		'p50 (ms)': medianLatency(50),
		'p99 (ms)': medianLatency(99),
		'max (ms)': medianLatency(100),
		'in time': countInTime(rounds),
		'5xx': rounds.reduce((sum, { serverErrors }) => sum + serverErrors, 0),
		executions: median(rounds.map(({ executions }) => executions)),
		'peak (MiB)': Math.round(Math.max(...rounds.map(({ peakMib }) => peakMib))),
		'rejected/s': rejectionsPerSecond.length > 0 ? Math.round(median(rejectionsPerSecond)) : '',
	};
}

/** Deliveries of all rounds with a response before MindPeeker's timeout, and the number of all. */
function countInTime(rounds: readonly Round[]): string {
	const latencies = rounds.flatMap(({ latenciesMs }) => latenciesMs);
	return `${latencies.filter((ms) => ms <= RESPONSE_TIMEOUT_MS).length} of ${latencies.length}`;
}

/** Median and range of the ratios of each round, such as `0.88 (0.70–1.00)`. */
function formatRatios(measurement: Measurement, other: Measurement): string {
	const ratios = measurement.rounds.map(
		({ eventsPerSecond }, round) => eventsPerSecond / other.rounds[round]!.eventsPerSecond,
	);
	return `${median(ratios).toFixed(2)} (${formatRange(ratios)})`;
}
