/** How long another process may take to write back what it has read before. */
const AT_RISK_MS = 3_000;
/** Few beside what n8n remembers, where the oldest would come back and drive others out. */
const CAPACITY = 1_000;

/**
 * What this process has recorded of late. n8n reads its store, changes it and writes it back without a lock, so that
 * of two processes the later one takes away what the other has added meanwhile. Such entries are therefore
 * recorded again with each call, until they are found to have stayed.
 */
export class AtRisk {
	private readonly since = new Map<string, number>();

	get size(): number {
		return this.since.size;
	}

	/** Whether this process knows the entry, wherever it is by now. */
	has(entry: string): boolean {
		return this.since.has(entry);
	}

	entries(): string[] {
		return [...this.since.keys()];
	}

	/** Notes what has been recorded. */
	add(entries: Iterable<string>, now: number): void {
		for (const entry of entries) this.since.set(entry, now);
		for (const oldest of this.since.keys()) {
			if (this.since.size <= CAPACITY) break;
			this.since.delete(oldest);
		}
	}

	/** Notes what became of those that were recorded again: what was missing is at risk once more. */
	settle(entries: readonly string[], wasMissing: (entry: string) => boolean, now: number): void {
		for (const entry of entries) {
			if (wasMissing(entry)) this.since.set(entry, now);
			else if (now - (this.since.get(entry) ?? 0) >= AT_RISK_MS) this.since.delete(entry);
		}
	}
}
