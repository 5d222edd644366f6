// Whether the time of a refusal tells how much of a signature was right: `npm run bench -- timing`.
import { createHmac, randomBytes } from 'node:crypto';

import { findSignatureFault } from '../../nodes/shared/signature.ts';

const BATCHES = 400;
const CHECKS_PER_BATCH = 500;
const DISTINGUISHABLE = 4.5; // what t-tests for leaks take as their threshold

const secret = randomBytes(32).toString('hex');
const body = randomBytes(512);
const right = createHmac('sha256', secret).update(body).digest('hex');
const other = (digit: string) => (digit === '0' ? '1' : '0');
const wrongAt = (index: number) =>
	`sha256=${right.slice(0, index)}${other(right[index]!)}${right.slice(index + 1)}`;

type Check = (header: string) => boolean;
const ours: Check = (header) => findSignatureFault(body, header, [secret]) === undefined;
/** What gives itself away, to show that the measurement would notice. */
const digitByDigit: Check = (header) => {
	const expected = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
	for (let index = 0; index < expected.length; index++) {
		if (header[index] !== expected[index]) return false;
	}
	return true;
};

/** Nanoseconds for one check. */
function time(check: Check, header: string): number {
	const started = process.hrtime.bigint();
	for (let count = 0; count < CHECKS_PER_BATCH; count++) {
		if (check(header)) throw new Error('A forgery was let in');
	}
	return Number(process.hrtime.bigint() - started) / CHECKS_PER_BATCH;
}

const mean = (values: readonly number[]) =>
	values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]) => {
	const middle = mean(values);
	return mean(values.map((value) => (value - middle) ** 2));
};

/** The slowest tenth is what the machine did meanwhile, and says nothing. */
const withoutOutliers = (values: readonly number[]) =>
	[...values].sort((one, another) => one - another).slice(0, Math.floor(values.length * 0.9));

/** Welch's t of the times of two forgeries, measured in turn. */
function compare(check: Check, one: string, another: string) {
	const times: [number[], number[]] = [[], []];
	for (let batch = 0; batch < BATCHES; batch++) {
		const first = batch % 2;
		for (const which of first ? [1, 0] : [0, 1]) {
			times[which]!.push(time(check, which === 0 ? one : another));
		}
	}
	const [ones, others] = [withoutOutliers(times[0]), withoutOutliers(times[1])];
	const error = Math.sqrt(variance(ones) / ones.length + variance(others) / others.length);
	return { ns: mean(ones), otherNs: mean(others), t: (mean(ones) - mean(others)) / error };
}

const row = (name: string, check: Check, digits: number) => {
	const { ns, otherNs, t } = compare(check, wrongAt(0), wrongAt(digits));
	return {
		check: name,
		'right digits': `0 and ${digits}`,
		'mean (ns)': `${ns.toFixed(0)} and ${otherNs.toFixed(0)}`,
		"Welch's t": Number(t.toFixed(1)),
		'can be told apart': Math.abs(t) > DISTINGUISHABLE ? 'YES' : 'no',
	};
};

time(ours, wrongAt(0));
time(digitByDigit, wrongAt(63));
console.log(`\nRefusals, ${BATCHES} times ${CHECKS_PER_BATCH} checks of each, in turn`);
console.table([
	...[1, 8, 32, 63].map((digits) => row('ours', ours, digits)),
	row('digit by digit', digitByDigit, 63),
]);
