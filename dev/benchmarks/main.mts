// Runs one benchmark: `npm run bench -- <name> [options]`. README.md describes them.
const BENCHMARKS: Record<string, () => Promise<unknown>> = {
	throughput: async () => await import('./throughput/main.mts'),
	scaling: async () => await import('./scaling.mts'),
	soak: async () => await import('./soak.mts'),
	sessions: async () => await import('./sessions.mts'),
	deduplication: async () => await import('./deduplication.mts'),
	verification: async () => await import('./verification.mts'),
	timing: async () => await import('./timing.mts'),
};

// Each benchmark reads its own options from process.argv.
const [name = ''] = process.argv.splice(2, 1);
const runBenchmark = BENCHMARKS[name];
if (!runBenchmark) {
	const names = Object.keys(BENCHMARKS).join(', ');
	console.error(`Usage: npm run bench -- <name> [options]\nNames: ${names}`);
	process.exit(1);
}
await runBenchmark();
