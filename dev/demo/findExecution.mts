import { getOutput, type Execution, type N8n } from '../lab/index.mts';
import { ENDED } from '../lab/executions.mts';
import { pollUntil } from '../lab/pollUntil.mts';
import { TRIGGER_NODE } from '../testEnvironment/triggerWorkflow.mts';
import { demoWorkflow, MESSAGE_NODE } from './demoWorkflow.mts';

/** Finds the executions that events started. */
export class ExecutionFinder {
	private readonly ended = new Map<string, Execution>();

	constructor(private readonly n8n: N8n) {}

	/** Returns the execution that an event started, when it has ended. Rejects with a LabError after the timeout. */
	async waitForExecution(eventId: string, timeoutMs: number): Promise<Execution> {
		return await pollUntil({
			what: `the execution of ${eventId} to finish`,
			timeoutMs,
			poll: async () => await this.find(eventId),
		});
	}

	private async find(eventId: string): Promise<Execution | undefined> {
		const filter = { workflowId: demoWorkflow.id, status: ENDED };
		for (const { id } of await this.n8n.executions.list(filter)) {
			if (!this.ended.has(id)) this.ended.set(id, await this.n8n.executions.get(id));
		}
		return [...this.ended.values()].find(
			(execution) => getOutput(execution, TRIGGER_NODE)[0]?.json.id === eventId,
		);
	}
}

/** The text that the demo workflow created from the event. */
export function getMessage(execution: Execution): string {
	return String(getOutput(execution, MESSAGE_NODE)[0]?.json.message ?? 'no output');
}
