import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

// Linux reports processor time in these units on all common platforms.
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));
const SAMPLE_INTERVAL_MS = 250;

export interface Usage {
	/** Processor time since the start. */
	cpuSeconds: number;
	/** Resident memory in MiB. Memory that processes share counts once for each of them. */
	memoryMib: number;
}

interface ProcessStat extends Usage {
	pid: number;
	parentPid: number;
}

/** Usage of a process and all its descendants. Linux only. */
export function readUsage(pid: number): Usage {
	const all = readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.flatMap((name) => readStat(Number(name)) ?? []);
	const tree = new Set([pid]);
	for (let sizeBefore = 0; sizeBefore < tree.size; ) {
		sizeBefore = tree.size;
		for (const { pid: child, parentPid } of all) if (tree.has(parentPid)) tree.add(child);
	}
	const members = all.filter((stat) => tree.has(stat.pid));
	return {
		cpuSeconds: members.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
		memoryMib: members.reduce((sum, { memoryMib }) => sum + memoryMib, 0),
	};
}

/** Samples the memory of a process and its descendants. Call the returned function to stop and get the peak in MiB. */
export function trackPeakMemory(pid: number): () => number {
	let peak = readUsage(pid).memoryMib;
	const timer = setInterval(
		() => (peak = Math.max(peak, readUsage(pid).memoryMib)),
		SAMPLE_INTERVAL_MS,
	);
	return () => {
		clearInterval(timer);
		return peak;
	};
}

/** Returns undefined if the process has ended. */
function readStat(pid: number): ProcessStat | undefined {
	try {
		const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
		// The process name in parentheses can contain spaces. The first field after it is field 3.
		const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
		const field = (number: number) => Number(fields[number - 3]);
		return {
			pid,
			parentPid: field(4),
			cpuSeconds: (field(14) + field(15)) / TICKS_PER_SECOND,
			memoryMib: (field(24) * PAGE_BYTES) / 2 ** 20,
		};
	} catch {
		return undefined;
	}
}
