import { outputOf, type ExecutionSummary, type N8n } from '../../dev/lab/index.mts';
import type { Delivery } from '../../simulator/index.mts';
import { TRIGGER } from '../../dev/testEnvironment/workflow.mts';
import type { Effect } from './sink.mts';

export type StoredExecution = Pick<ExecutionSummary, 'id' | 'status'> & {
	/** Milliseconds since 1970. */
	createdAt: number;
};

const NOT_KEPT = '';

/** What one workflow made of all events. */
export class Outcome {
	private constructor(
		private readonly effects: readonly Effect[],
		/** By their ids. */
		private readonly executions: Map<string, StoredExecution>,
		/** The events of the executions that have no effect and did not succeed. */
		private readonly cutOff: Map<string, string[]>,
		/** By the event's id. */
		readonly deliveries: Map<string, Delivery>,
	) {}

	/** `list` is all executions of the workflow, as they stand in n8n's database. */
	static async of(
		n8n: N8n,
		list: readonly StoredExecution[],
		effects: readonly Effect[],
		deliveries: readonly Delivery[],
	): Promise<Outcome> {
		const acting = new Set(effects.map(({ executionId }) => executionId));
		const cutOff = new Map<string, string[]>();
		for (const { id, status } of list) {
			// One that succeeded without an effect held a repeat, which ended at the trigger.
			if (acting.has(id) || status === 'success') continue;
			const eventId = await eventOf(n8n, id);
			cutOff.set(eventId, [...(cutOff.get(eventId) ?? []), id]);
		}
		return new Outcome(
			effects,
			new Map(list.map((execution) => [execution.id, execution])),
			cutOff,
			new Map(deliveries.map((delivery) => [delivery.eventId, delivery])),
		);
	}

	/** The executions that the event started, but those that found it to be a repeat. */
	executionsOf(eventId: string): StoredExecution[] {
		const cutOff = this.cutOff.get(eventId) ?? [];
		return [...this.runsOf(eventId), ...cutOff.flatMap((id) => this.executions.get(id) ?? [])];
	}

	/** The executions that did not succeed, and of whose event n8n has kept nothing. */
	executionsWithoutEvent(): StoredExecution[] {
		return this.executionsOf(NOT_KEPT);
	}

	hasSucceeded(eventId: string): boolean {
		return this.executionsOf(eventId).some(({ status }) => status === 'success');
	}

	/** The executions in which the node behind the trigger ran, and did not fail, for this event, the oldest first. */
	runsOf(eventId: string): StoredExecution[] {
		const own = this.effects.filter((effect) => effect.eventId === eventId && effect.hasSucceeded);
		const ids = new Set(own.map(({ executionId }) => executionId));
		const runs = [...ids].flatMap((id) => this.executions.get(id) ?? []);
		return runs.sort((one, other) => one.createdAt - other.createdAt);
	}

	count(status: ExecutionSummary['status']): number {
		return [...this.executions.values()].filter((execution) => execution.status === status).length;
	}
}

/**
 * The id of the event that an execution was started with, whether or not its trigger came to run; in queue mode, n8n
 * may have kept nothing of it.
 */
async function eventOf(n8n: N8n, executionId: string): Promise<string> {
	const execution = await n8n.executions.get(executionId);
	const waiting = execution.data.executionData?.nodeExecutionStack[0]?.data.main?.[0] ?? [];
	// What n8n puts in place of an output that a crash has taken has no id.
	const items = [...waiting, ...outputOf(execution, TRIGGER)];
	return String(items.find(({ json }) => json.id !== undefined)?.json.id ?? NOT_KEPT);
}
