/** A time as the service writes it: ISO 8601 in UTC, to the second. */
export function timestamp(at: number = Date.now()): string {
	return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
