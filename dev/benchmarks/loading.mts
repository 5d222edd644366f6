// What loading the package costs n8n at its start: `npm run bench -- loading`.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { median, spread } from './statistics.mts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ROUNDS = 11;
const SCRIPT = `
	require('n8n-workflow'); // n8n has it already
	const { n8n } = require('./package.json');
	gc();
	const before = process.memoryUsage().heapUsed;
	const started = performance.now();
	const kept = [...n8n.nodes, ...n8n.credentials].map((file) => {
		const name = file.split('/').pop().split('.')[0];
		return new (require('./' + file)[name])();
	});
	const ms = performance.now() - started;
	gc();
	console.log(JSON.stringify({ ms, kib: (process.memoryUsage().heapUsed - before) / 1024, parts: kept.length }));
`;

execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });

const loads = Array.from({ length: ROUNDS }, () => {
	const output = execFileSync(process.execPath, ['--expose-gc', '-e', SCRIPT], { cwd: ROOT });
	return JSON.parse(String(output)) as { ms: number; kib: number };
});
const times = loads.map(({ ms }) => ms);
console.log(`\nLoading both nodes and the credential, ${ROUNDS} processes`);
console.table([
	{
		'ms (median)': Number(median(times).toFixed(1)),
		'(min–max)': spread(times),
		'KiB of heap': Math.round(median(loads.map(({ kib }) => kib))),
	},
]);
