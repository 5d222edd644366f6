/** An error that the user can fix. The message says how, so no stack trace is needed. */
export class LabError extends Error {
	override name = 'LabError';
}

/** n8n could not publish a workflow. */
export class PublishError extends LabError {
	override name = 'PublishError';

	constructor(
		readonly workflowId: string,
		/** n8n's messages, one for each trigger that failed. */
		readonly reasons: string[],
	) {
		super(`n8n could not publish workflow ${workflowId}: ${reasons.join('; ')}`);
	}
}

/** n8n's REST API returned an error. */
export class RestError extends LabError {
	override name = 'RestError';

	constructor(
		request: string,
		readonly status: number,
		/** n8n's message. */
		readonly reason: string,
	) {
		super(`${request} failed with status ${status}: ${reason}`);
	}
}

export function getErrorMessage(error: unknown): string {
	// Not `instanceof`: errors in Jest's tests belong to another realm.
	const { message } = (error ?? {}) as { message?: unknown };
	return typeof message === 'string' ? message : String(error);
}

/** The `code` that Node puts on its system errors, such as `EADDRINUSE`. */
export function getErrorCode(error: unknown): string | undefined {
	const { code } = (error ?? {}) as { code?: unknown };
	return typeof code === 'string' ? code : undefined;
}
