/** What became of one delivery. */
export type Outcome =
	/** n8n has it in an execution. */
	| 'accepted'
	/** n8n has it from an earlier delivery. */
	| 'duplicate'
	/** Genuine, and held back by a filter. */
	| 'ignored'
	/** Genuine, and from the future: a retry may be in time. */
	| 'early'
	/** n8n answered it with a failure, and MindPeeker delivers it again. */
	| 'not taken'
	/** It came on the path that is not in use. */
	| 'not here'
	| 'forbidden'
	| 'unauthorised'
	| 'malformed'
	/** The trigger itself could not check it. */
	| 'failed';

/** One delivery, as the log tells of it. Nothing of what it carried is in here but its id and its type. */
export interface Finding {
	readonly outcome: Outcome;
	/** Known once the signature is good. */
	readonly event?: { readonly id: string; readonly type: string };
	readonly reason?: string;
	/** How an accepted event differs from the documented envelope. */
	readonly oddities?: readonly string[];
	/** The peer's, as n8n sees it. */
	readonly address?: string;
	/** What n8n answered. */
	readonly status: number;
	/** From the arrival to the answer. */
	readonly durationMs: number;
	/** What is said beside, where the user asks for more. */
	readonly details?: readonly string[];
}
