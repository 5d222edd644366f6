/** A number, or a text with one; NaN for anything else. `Number` turns null, '', [] and true into 0 or 1. */
export function toNumber(value: unknown): number {
	const isText = typeof value === 'string' && value.trim() !== '';
	return isText || typeof value === 'number' ? Number(value) : NaN;
}
