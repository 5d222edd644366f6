import { fileURLToPath } from 'node:url';

import type { N8n } from '../lab/index.mts';
import { pollUntil } from '../lab/pollUntil.mts';

const MIB = 1024 * 1024;

/** Environment variables of an n8n that can report its heap usage. */
export const HEAP_REPORT_ENV = {
	NODE_OPTIONS: `--require ${fileURLToPath(new URL('heap.cjs', import.meta.url))}`,
};

/** Heap in use after a full garbage collection, in MiB. n8n must have been started with `HEAP_REPORT_ENV`. */
export async function measureHeapMib(n8n: N8n): Promise<number> {
	const linesBefore = n8n.log.length;
	process.kill(n8n.pid!, 'SIGUSR2');
	const line = await pollUntil({
		what: 'n8n to report its heap usage',
		timeoutMs: 10_000,
		poll: async () => n8n.log.slice(linesBefore).find((text) => text.startsWith('heap in use')),
	});
	return Number(line.split(': ')[1]) / MIB;
}
