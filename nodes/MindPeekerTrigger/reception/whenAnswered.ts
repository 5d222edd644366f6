import type { IWebhookFunctions } from 'n8n-workflow';

type Response = ReturnType<IWebhookFunctions['getResponseObject']>;

/**
 * Calls back once, with the status that n8n ends the response with. Of all signals this is the one that always
 * comes: with a sender that has gone, `finish` never fires, and `close` fires early with a status nobody sent.
 */
export function whenAnswered(response: Response, callback: (status: number) => void): void {
	const end = response.end.bind(response) as (...args: unknown[]) => Response;
	let isTold = false;
	response.end = (...args: unknown[]) => {
		if (isTold) return end(...args);
		isTold = true;
		try {
			callback(response.statusCode);
		} catch {
			// Whatever fails in the books, the sender gets its answer.
		}
		return end(...args);
	};
}
