export function median(values: readonly number[]): number {
	return sortAscending(values)[Math.floor(values.length / 2)] ?? NaN;
}

/** Minimum and maximum, such as `0.97–1.03`. */
export function formatRange(values: readonly number[]): string {
	return `${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)}`;
}

/** Nearest-rank percentile. */
export function percentile(values: readonly number[], percent: number): number {
	const rank = Math.ceil((values.length * percent) / 100);
	return sortAscending(values)[Math.max(0, rank - 1)] ?? NaN;
}

/** The same items, starting with another one in each round, so that no candidate always goes first. */
export function rotate<T>(items: readonly T[], round: number): T[] {
	const first = round % items.length;
	return [...items.slice(first), ...items.slice(0, first)];
}

function sortAscending(values: readonly number[]): number[] {
	return [...values].sort((one, other) => one - other);
}
