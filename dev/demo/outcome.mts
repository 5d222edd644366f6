import { setTimeout as sleep } from 'node:timers/promises';

import { outputOf, type Execution, type N8n } from '../lab/index.mts';
import { demoWorkflow, LAST_NODE, TRIGGER } from './workflow.mts';

const POLL_MS = 200;
const ENDED = new Set(['success', 'error', 'crashed', 'canceled']);

/** Finds the executions that events started. */
export class Outcomes {
	private readonly known = new Map<string, Execution>();

	constructor(private readonly n8n: N8n) {}

	/** The ended execution that this event started; undefined where none has within the time. */
	async of(eventId: string, timeoutMs: number): Promise<Execution | undefined> {
		const until = Date.now() + timeoutMs;
		for (;;) {
			const found = await this.look(eventId);
			if (found || Date.now() >= until) return found;
			await sleep(POLL_MS);
		}
	}

	private async look(eventId: string): Promise<Execution | undefined> {
		const summaries = await this.n8n.executions.list({ workflowId: demoWorkflow.id });
		for (const { id, status } of summaries) {
			if (!ENDED.has(status) || this.known.has(id)) continue;
			this.known.set(id, await this.n8n.executions.get(id));
		}
		return [...this.known.values()].find(
			(execution) => outputOf(execution, TRIGGER)[0]?.json.id === eventId,
		);
	}
}

/** The text that the demo's workflow made of the event. */
export function messageOf(execution: Execution): string {
	return String(outputOf(execution, LAST_NODE)[0]?.json.message ?? 'nothing came out');
}
