import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

// What Linux counts processor time in, on every machine in use.
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));

export interface Usage {
	/** Processor time since the start. */
	cpuSeconds: number;
	/** Resident, with what processes share counted for each. */
	memoryMb: number;
}

interface Stat extends Usage {
	pid: number;
	parent: number;
}

/** What a process and all it has started use. For Linux. */
export function usageOf(pid: number): Usage {
	const all = readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.flatMap((name) => statOf(Number(name)) ?? []);
	const family = new Set([pid]);
	for (let before = 0; before < family.size; ) {
		before = family.size;
		for (const { pid: child, parent } of all) if (family.has(parent)) family.add(child);
	}
	const own = all.filter((stat) => family.has(stat.pid));
	return {
		cpuSeconds: own.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
		memoryMb: own.reduce((sum, { memoryMb }) => sum + memoryMb, 0),
	};
}

/** Undefined where it has ended meanwhile. */
function statOf(pid: number): Stat | undefined {
	try {
		const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
		// The name in brackets may hold anything; the fields behind it are counted from the third on.
		const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
		const field = (number: number) => Number(fields[number - 3]);
		return {
			pid,
			parent: field(4),
			cpuSeconds: (field(14) + field(15)) / TICKS_PER_SECOND,
			memoryMb: (field(24) * PAGE_BYTES) / 2 ** 20,
		};
	} catch {
		return undefined;
	}
}
