// `npm run bench -- <name> [options]` runs one benchmark.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BENCHMARKS: Record<string, string> = {
	throughput: 'throughput/main.mts',
	scaling: 'scaling.mts',
	sessions: 'sessions.mts',
	soak: 'soak.mts',
	verification: 'verification.mts',
	timing: 'timing.mts',
	delivery: 'delivery.mts',
	deduplication: 'ledger.mts',
	loading: 'loading.mts',
};

const [name = '', ...args] = process.argv.slice(2);
const file = BENCHMARKS[name];
if (!file) {
	console.error(
		`Usage: npm run bench -- <name> [options]\nNames: ${Object.keys(BENCHMARKS).join(', ')}`,
	);
	process.exit(1);
}
const script = fileURLToPath(new URL(file, import.meta.url));
const { status } = spawnSync(process.execPath, ['--import', 'tsx', script, ...args], {
	stdio: 'inherit',
});
process.exit(status ?? 1);
