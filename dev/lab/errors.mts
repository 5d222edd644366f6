/** Something the lab's user can act on: the message says what happened and what to do. No stack needed. */
export class LabError extends Error {
	override name = 'LabError';
}

/** n8n could not publish a workflow; the message carries n8n's own text. */
export class PublicationError extends LabError {
	override name = 'PublicationError';

	constructor(
		readonly workflowId: string,
		/** What n8n itself says, one entry per trigger that failed. */
		readonly reasons: string[],
	) {
		super(`n8n could not publish workflow ${workflowId}: ${reasons.join('; ')}`);
	}
}

/** n8n's REST API refused a request. */
export class RestError extends LabError {
	override name = 'RestError';

	constructor(
		request: string,
		readonly status: number,
		/** n8n's own text. */
		readonly reason: string,
	) {
		super(`${request} answered ${status}: ${reason}`);
	}
}

export function messageOf(error: unknown): string {
	// No `instanceof`: Jest runs tests in a realm of their own.
	const { message } = (error ?? {}) as { message?: unknown };
	return typeof message === 'string' ? message : String(error);
}

/** The `code` that Node puts on its system errors, such as `EADDRINUSE`. */
export function codeOf(error: unknown): string | undefined {
	const { code } = (error ?? {}) as { code?: unknown };
	return typeof code === 'string' ? code : undefined;
}
