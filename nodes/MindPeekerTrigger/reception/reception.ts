import type { MindPeekerEvent } from '../../shared/event';
import type { Finding } from '../journal';

/** How a delivery is answered. */
export type Reply =
	/** By the trigger itself, without an execution. */
	| { readonly status: number; readonly text: string }
	/** By n8n, once it has the execution that starts with these events. */
	| {
			readonly events: readonly MindPeekerEvent[];
			/** Says whether n8n took them. */
			readonly settle: (taken: boolean) => void;
	  };

/** One delivery taken in: what is known of it before it has been answered, and how it is to be. */
export interface Reception extends Omit<Finding, 'status' | 'durationMs'> {
	readonly reply: Reply;
}

/** What the log may know of an event. */
export function nameOf({ id, type }: MindPeekerEvent): Finding['event'] {
	return { id: String(id), type };
}

/** Of the final answer, which is never below 200. */
export function isSuccess(status: number): boolean {
	return status < 300;
}
