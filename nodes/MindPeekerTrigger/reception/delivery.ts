import type { IWebhookFunctions } from 'n8n-workflow';

import { SIGNATURE_HEADER } from '../../shared/signature';

/** What MindPeeker, or somebody else, sent. */
export interface Delivery {
	/** n8n's name of the webhook on whose path it came. */
	readonly webhookName: string;
	/** The address that it came from, as n8n sees it. */
	readonly address?: string;
	/** The bytes as they arrived, where there are any. */
	readonly body: unknown;
	/** The value of the signature header. */
	readonly signature: unknown;
}

/** What n8n adds to a request; its types do not say so. */
type RequestWithRawBody = ReturnType<IWebhookFunctions['getRequestObject']> & {
	rawBody?: Buffer;
	readRawBody: () => Promise<void>;
};

export async function readDelivery(context: IWebhookFunctions): Promise<Delivery> {
	const request = context.getRequestObject() as RequestWithRawBody;
	return {
		webhookName: context.getWebhookName(),
		address: request.ip,
		body: await rawBodyOf(request),
		signature: request.headers[SIGNATURE_HEADER],
	};
}

/** n8n leaves a body of unknown type unread, and does nothing where it is read. */
async function rawBodyOf(request: RequestWithRawBody): Promise<unknown> {
	try {
		await request.readRawBody();
	} catch {
		// One that n8n cannot read, or has consumed, is no body.
	}
	return request.rawBody;
}
