import { usageOf } from '../processUsage.mts';

const EVERY_MS = 250;

/** Watches a process and all it has started until it is told to stop, and gives the most memory they held, in MiB. */
export function watchMemory(pid: number): () => number {
	let peak = usageOf(pid).memoryMb;
	const timer = setInterval(() => (peak = Math.max(peak, usageOf(pid).memoryMb)), EVERY_MS);
	return () => {
		clearInterval(timer);
		return peak;
	};
}
