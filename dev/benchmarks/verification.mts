// What checking a signature costs beside the bare HMAC that it cannot do without: `npm run bench -- verification`.
import { spawnSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';

import { findSignatureFault, sign } from '../../nodes/shared/signature.ts';
import { median, spread } from './statistics.mts';

/** Size of the body in KiB, and how many times a bare HMAC the check may cost at most, where that is set. */
const SIZES: Array<[number, number?]> = [
	[0.5, 2],
	[2],
	[16, 1.1],
	[64, 1.1],
	[256, 1.1],
	[1024, 1.1],
];
const ROUNDS = 31;
const ROUND_MS = 20;

const secret = randomBytes(32).toString('hex');
let sink = 0;

/** Nanoseconds for one call, over at least {@link ROUND_MS}. */
function time(call: () => unknown, calls: number): number {
	const started = process.hrtime.bigint();
	for (let index = 0; index < calls; index++) if (call() !== undefined) sink++;
	return Number(process.hrtime.bigint() - started) / calls;
}

function callsPerRound(call: () => unknown): number {
	time(call, 2_000);
	return Math.max(20, Math.ceil((ROUND_MS * 1e6) / time(call, 200)));
}

/** What `openssl speed` needs for as many bytes, in microseconds; undefined where there is no openssl. */
function opensslMicroseconds(bytes: number): number | undefined {
	const args = ['speed', '-mr', '-seconds', '1', '-hmac', 'sha256', '-bytes', String(bytes)];
	const { stdout } = spawnSync('openssl', args, { encoding: 'utf8' });
	const bytesPerSecond = /^\+F:.*:([\d.]+)$/m.exec(stdout ?? '')?.[1];
	return bytesPerSecond === undefined ? undefined : (bytes / Number(bytesPerSecond)) * 1e6;
}

/**
 * All in turn, so that a machine whose speed drifts slows all alike. The limit is on the HMAC as a Buffer, Node's
 * plain form; as hex, which Node makes faster, it stands beside it.
 */
function compare([sizeKib, limit]: [number, number?]) {
	const body = randomBytes(sizeKib * 1024);
	const header = sign(body, secret);
	const bare = () => createHmac('sha256', secret).update(body).digest();
	const bareHex = () => createHmac('sha256', secret).update(body).digest('hex');
	const check = () => findSignatureFault(body, header, [secret]) ?? body;
	const calls = callsPerRound(bare);
	callsPerRound(bareHex);
	callsPerRound(check);

	const rounds = Array.from({ length: ROUNDS }, () => ({
		bareNs: time(bare, calls),
		checkNs: time(check, calls),
		hexNs: time(bareHex, calls),
	}));
	const ratios = rounds.map(({ bareNs, checkNs }) => checkNs / bareNs);
	const microseconds = (values: number[]) => Number((median(values) / 1e3).toFixed(2));
	const openssl = opensslMicroseconds(body.length);
	return {
		'body (KiB)': sizeKib,
		'bare HMAC (µs)': microseconds(rounds.map(({ bareNs }) => bareNs)),
		'check (µs)': microseconds(rounds.map(({ checkNs }) => checkNs)),
		'ratio (median)': Number(median(ratios).toFixed(2)),
		limit: limit ?? '',
		within: limit === undefined ? '' : median(ratios) <= limit ? 'yes' : 'NO',
		'ratio (min–max)': spread(ratios),
		'openssl speed (µs)': openssl === undefined ? 'not found' : Number(openssl.toFixed(2)),
		'ratio to hex': Number(median(rounds.map(({ checkNs, hexNs }) => checkNs / hexNs)).toFixed(2)),
	};
}

console.log(`Node ${process.version}, ${ROUNDS} rounds of at least ${ROUND_MS} ms, in turn`);
console.table(SIZES.map(compare));
if (sink === 0) throw new Error('Nothing was measured');
