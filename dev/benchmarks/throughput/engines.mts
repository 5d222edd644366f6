/** n8n's settings of what evaluates expressions, which decide how much a webhook costs it. */
export const ENGINES = {
	/** An isolate only where an expression is evaluated. */
	lazy: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
	/** No isolate at all. */
	legacy: { N8N_EXPRESSION_ENGINE: 'legacy' },
	/** An isolate of V8 for each webhook request. */
	default: {},
} satisfies Record<string, Record<string, string>>;

export type Engine = keyof typeof ENGINES;
