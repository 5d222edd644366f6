// What verifying a signature costs, compared with the HMAC alone: `npm run bench -- verification`.
import { spawnSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';

import { findSignatureProblem, sign } from '../../nodes/shared/signature.ts';
import { formatRange, median } from './statistics.mts';

const BODY_SIZES_KIB = [0.5, 2, 16, 64, 256, 1024];
const ROUNDS = 31;
const ROUND_MS = 20;

const secret = randomBytes(32).toString('hex');
// Counting the results keeps V8 from optimizing the calls away.
let callCount = 0;

/** Nanoseconds per call. */
function time(call: () => unknown, calls: number): number {
	const started = process.hrtime.bigint();
	for (let index = 0; index < calls; index++) if (call() !== undefined) callCount++;
	return Number(process.hrtime.bigint() - started) / calls;
}

/** Warms up, and returns the number of calls that take {@link ROUND_MS}. */
function calibrate(call: () => unknown): number {
	time(call, 2_000);
	return Math.max(20, Math.ceil((ROUND_MS * 1e6) / time(call, 200)));
}

/** Microseconds of `openssl speed` for a body of this size, or undefined if openssl is not installed. */
function measureOpenssl(bytes: number): number | undefined {
	const args = ['speed', '-mr', '-seconds', '1', '-hmac', 'sha256', '-bytes', String(bytes)];
	const { stdout } = spawnSync('openssl', args, { encoding: 'utf8' });
	const bytesPerSecond = /^\+F:.*:([\d.]+)$/m.exec(stdout ?? '')?.[1];
	return bytesPerSecond === undefined ? undefined : (bytes / Number(bytesPerSecond)) * 1e6;
}

/** Interleaves both in each round, so that a machine whose speed changes affects both equally. */
function compare(sizeKib: number) {
	const body = randomBytes(sizeKib * 1024);
	const header = sign(body, secret);
	const hmac = () => createHmac('sha256', secret).update(body).digest();
	const verify = () => findSignatureProblem(body, header, [secret]) ?? body;
	const calls = calibrate(hmac);
	calibrate(verify);

	const rounds = Array.from({ length: ROUNDS }, () => ({
		hmacNs: time(hmac, calls),
		verifyNs: time(verify, calls),
	}));
	const ratios = rounds.map(({ hmacNs, verifyNs }) => verifyNs / hmacNs);
	const microseconds = (values: number[]) => Number((median(values) / 1e3).toFixed(2));
	return {
		'body (KiB)': sizeKib,
		'HMAC (µs)': microseconds(rounds.map(({ hmacNs }) => hmacNs)),
		'verification (µs)': microseconds(rounds.map(({ verifyNs }) => verifyNs)),
		ratio: Number(median(ratios).toFixed(2)),
		'(min–max)': formatRange(ratios),
		'openssl speed (µs)': measureOpenssl(body.length)?.toFixed(2) ?? 'not installed',
	};
}

console.log(`Node ${process.version}, ${ROUNDS} rounds of at least ${ROUND_MS} ms`);
console.table(BODY_SIZES_KIB.map(compare));
if (callCount === 0) throw new Error('Nothing was measured');
