export function median(values: readonly number[]): number {
	return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

/** The smallest and the largest, such as `0.97–1.03`. */
export function spread(values: readonly number[]): string {
	return `${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)}`;
}

/** The value that so many of a hundred do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
	const sorted = [...values].sort((one, other) => one - other);
	return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? NaN;
}
