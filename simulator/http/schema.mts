/** A schema for one of a few words. */
export function oneOf(...words: string[]): object {
	return { type: 'string', enum: words, description: `must be one of ${words.join(', ')}` };
}

/** Here a misspelt field is an error, so that no test passes without what it asked for. */
export function strict(properties: Record<string, object>, required: string[] = []): object {
	return { type: 'object', properties, required, additionalProperties: false };
}
