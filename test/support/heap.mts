import { fileURLToPath } from 'node:url';

import type { N8n } from '../../dev/lab/index.mts';
import { waitFor } from '../../dev/lab/wait.mts';

const MIB = 1024 * 1024;

/** For n8n's environment: lets it say what is in use of its heap. */
export const TELLING_OF_HEAP = {
	NODE_OPTIONS: `--require ${fileURLToPath(new URL('heap.cjs', import.meta.url))}`,
};

/** What is in use of n8n's heap once all garbage is gone, in MiB. */
export async function heapMib(n8n: N8n): Promise<number> {
	const from = n8n.log.length;
	process.kill(n8n.pid!, 'SIGUSR2');
	const line = await waitFor({
		what: 'n8n to say what is in use of its heap',
		timeoutMs: 10_000,
		poll: async () => n8n.log.slice(from).find((text) => text.startsWith('heap in use')),
	});
	return Number(line.split(': ')[1]) / MIB;
}
