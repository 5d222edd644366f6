/** A schema for one of a few words. */
export function oneOf(...words: string[]): object {
	return { type: 'string', enum: words, description: `must be one of ${words.join(', ')}` };
}
