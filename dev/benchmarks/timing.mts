// Whether rejecting a signature takes longer if more of it is right: `npm run bench -- timing`.
import { createHmac, randomBytes } from 'node:crypto';

import { findSignatureProblem } from '../../nodes/shared/signature.ts';

const BATCHES = 400;
const CHECKS_PER_BATCH = 500;
/** The usual threshold of Welch's t-test for timing leaks. */
const LEAK_THRESHOLD = 4.5;

const secret = randomBytes(32).toString('hex');
const body = randomBytes(512);
const digest = createHmac('sha256', secret).update(body).digest('hex');
const changeDigit = (digit: string) => (digit === '0' ? '1' : '0');
/** A signature with this many correct digits before the first wrong one. */
const forgeSignature = (correctDigits: number) =>
	`sha256=${digest.slice(0, correctDigits)}${changeDigit(digest[correctDigits]!)}${digest.slice(correctDigits + 1)}`;

type Verify = (header: string) => boolean;
const constantTime: Verify = (header) => findSignatureProblem(body, header, [secret]) === undefined;
/** A leaky comparison, which shows that this benchmark detects a leak. */
const digitByDigit: Verify = (header) => {
	const expected = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
	for (let index = 0; index < expected.length; index++) {
		if (header[index] !== expected[index]) return false;
	}
	return true;
};

/** Nanoseconds per check. */
function time(verify: Verify, header: string): number {
	const started = process.hrtime.bigint();
	for (let count = 0; count < CHECKS_PER_BATCH; count++) {
		if (verify(header)) throw new Error('A forged signature was accepted');
	}
	return Number(process.hrtime.bigint() - started) / CHECKS_PER_BATCH;
}

const mean = (values: readonly number[]) =>
	values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]) => {
	const average = mean(values);
	return mean(values.map((value) => (value - average) ** 2));
};

/** Drops the slowest tenth, which other load on the machine causes. */
const dropOutliers = (values: readonly number[]) =>
	[...values].sort((one, other) => one - other).slice(0, Math.floor(values.length * 0.9));

/** Welch's t of the times for two forged signatures. Their batches alternate, and so does the order. */
function compare(verify: Verify, headers: [string, string]) {
	const times: [number[], number[]] = [[], []];
	for (let batch = 0; batch < BATCHES; batch++) {
		const order = batch % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
		for (const index of order) times[index].push(time(verify, headers[index]));
	}
	const [first, second] = [dropOutliers(times[0]), dropOutliers(times[1])];
	const error = Math.sqrt(variance(first) / first.length + variance(second) / second.length);
	return { ns: mean(first), otherNs: mean(second), t: (mean(first) - mean(second)) / error };
}

const createRow = (name: string, verify: Verify, correctDigits: number) => {
	const { ns, otherNs, t } = compare(verify, [forgeSignature(0), forgeSignature(correctDigits)]);
	return {
		comparison: name,
		'correct digits': `0 and ${correctDigits}`,
		'mean (ns)': `${ns.toFixed(0)} and ${otherNs.toFixed(0)}`,
		"Welch's t": Number(t.toFixed(1)),
		distinguishable: Math.abs(t) > LEAK_THRESHOLD ? 'YES' : 'no',
	};
};

time(constantTime, forgeSignature(0));
time(digitByDigit, forgeSignature(63));
console.log(`\nRejected signatures, ${BATCHES} batches of ${CHECKS_PER_BATCH} checks each`);
console.table([
	...[1, 8, 32, 63].map((digits) =>
		createRow('constant time (this package)', constantTime, digits),
	),
	createRow('digit by digit', digitByDigit, 63),
]);
