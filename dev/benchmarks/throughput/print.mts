import { median, spread } from '../statistics.mts';
import { answeredWithin, ratiosTo, type Measured, type Results } from './results.mts';
import { TARGETS } from './targets.mts';

/** Those beside whom the others are shown. */
const PEERS = ['smallest trigger', 'Webhook node', 'built by hand', 'GitHub trigger'];

/** Puts tables on the screen: what each contender did, and whether the targets are met. */
export function printResults(results: readonly Results[]): void {
	for (const one of results) {
		console.log(`\n${one.engine}, ${one.concurrency} requests at a time`);
		console.table(
			Object.fromEntries(
				Object.entries(one.of).map(([name, measured]) => [name, row(measured, one.of)]),
			),
		);
	}
	console.log('\nTargets');
	console.table(results.flatMap(metTargets));
}

function row(measured: Measured, all: Results['of']) {
	const { heats, refusalsPerSecond } = measured;
	const peers = PEERS.filter((peer) => all[peer]).map((peer) => [
		`to ${peer}`,
		withSpread(ratiosTo(measured, all[peer]!)),
	]);
	return {
		'events/s': round(median(heats.map(({ eventsPerSecond }) => eventsPerSecond)), 1),
		...(Object.fromEntries(peers) as Record<string, string>),
		'p50 (ms)': round(answeredWithin(measured, 50), 1),
		'p99 (ms)': round(answeredWithin(measured, 99), 1),
		'5xx': sum(heats.map(({ refused }) => refused)),
		executions: median(heats.map(({ executions }) => executions)),
		'peak (MiB)': Math.round(Math.max(...heats.map(({ peakMib }) => peakMib))),
		'forged/s': refusalsPerSecond.length > 0 ? Math.round(median(refusalsPerSecond)) : '',
	};
}

function metTargets({ engine, concurrency, of }: Results) {
	return TARGETS.filter(
		(target) =>
			target.concurrency === concurrency &&
			(target.engine === undefined || target.engine === engine) &&
			of[target.ours] &&
			of[target.peer],
	).map(({ ours, peer, atLeast }) => {
		const ratios = ratiosTo(of[ours]!, of[peer]!);
		return {
			engine,
			'at a time': concurrency,
			ours,
			peer,
			'at least': atLeast,
			ratio: withSpread(ratios),
			met: median(ratios) >= atLeast ? 'yes' : 'NO',
		};
	});
}

const sum = (values: readonly number[]) => values.reduce((one, other) => one + other, 0);
const round = (value: number, digits: number) => Number(value.toFixed(digits));
const withSpread = (ratios: readonly number[]) =>
	`${median(ratios).toFixed(2)} (${spread(ratios)})`;
