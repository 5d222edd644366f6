/** Yes or no; an expression, a sheet or an AI agent may give it as a text. Undefined where it is neither. */
export function flagOf(value: unknown): boolean | undefined {
	const text = String(value).trim().toLowerCase();
	return text === 'true' || text === 'false' ? text === 'true' : undefined;
}
