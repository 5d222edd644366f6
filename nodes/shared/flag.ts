/** Yes or no; an expression, a sheet or an AI agent may give it as a text. Undefined where it is neither. */
export function flagOf(value: unknown): boolean | undefined {
	const text = typeof value === 'string' ? value.trim().toLowerCase() : value;
	if (text === 'true' || text === true) return true;
	return text === 'false' || text === false ? false : undefined;
}
