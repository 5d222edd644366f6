/** Whether a field was left empty: null, undefined, white space, or a list of nothing else. */
export function isBlank(value: unknown): boolean {
	if (Array.isArray(value)) return value.every(isBlank);
	return value === undefined || value === null || (typeof value === 'string' && !value.trim());
}
