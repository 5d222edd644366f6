/** The parameters of a route such as `/webhooks/:id`. */
export type ById = { Params: { id: string } };

export const text = { type: 'string' };

/** A schema for an enum. The error message lists the values. */
export function oneOf(...values: string[]): object {
	return { type: 'string', enum: values, description: `must be one of ${values.join(', ')}` };
}

/** Rejects unknown properties, so that a typo does not go unnoticed. */
export function strictObject(properties: Record<string, object>, required: string[] = []): object {
	return { type: 'object', properties, required, additionalProperties: false };
}
