import { setTimeout as sleep } from 'node:timers/promises';

import { getOutput, type Execution, type N8n } from '../lab/index.mts';
import { ENDED } from '../lab/executions.mts';
import { demoWorkflow, LAST_NODE, TRIGGER } from './demoWorkflow.mts';

const POLL_MS = 200;

/** Finds the executions that events started. */
export class ExecutionFinder {
	private readonly ended = new Map<string, Execution>();

	constructor(private readonly n8n: N8n) {}

	/** The execution that an event started, when it has ended. Undefined after the timeout. */
	async waitFor(eventId: string, timeoutMs: number): Promise<Execution | undefined> {
		const end = Date.now() + timeoutMs;
		for (;;) {
			const found = await this.find(eventId);
			if (found || Date.now() >= end) return found;
			await sleep(POLL_MS);
		}
	}

	private async find(eventId: string): Promise<Execution | undefined> {
		const filter = { workflowId: demoWorkflow.id, status: ENDED };
		for (const { id } of await this.n8n.executions.list(filter)) {
			if (!this.ended.has(id)) this.ended.set(id, await this.n8n.executions.get(id));
		}
		return [...this.ended.values()].find(
			(execution) => getOutput(execution, TRIGGER)[0]?.json.id === eventId,
		);
	}
}

/** The text that the demo workflow created from the event. */
export function getMessage(execution: Execution): string {
	return String(getOutput(execution, LAST_NODE)[0]?.json.message ?? 'no output');
}
