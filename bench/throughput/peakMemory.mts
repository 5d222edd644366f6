import { readFile } from 'node:fs/promises';

const EVERY_MS = 100;

/** How much memory a process holds, in MiB; undefined on systems without /proc. */
async function residentMib(pid: number): Promise<number | undefined> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
	const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
	return kib === undefined ? undefined : Number(kib) / 1024;
}

/** Watches a process until it is told to stop, and gives the most that it held meanwhile, in MiB. */
export function watchMemory(pid: number): () => number | undefined {
	let peak: number | undefined;
	const look = async () => {
		const now = await residentMib(pid);
		if (now !== undefined) peak = Math.max(peak ?? 0, now);
	};
	void look();
	const timer = setInterval(() => void look(), EVERY_MS);
	return () => {
		clearInterval(timer);
		return peak;
	};
}
