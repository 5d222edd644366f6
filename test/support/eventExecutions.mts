import { getOutput, type ExecutionSummary, type N8n } from '../../dev/lab/index.mts';
import type { Delivery } from '../../simulator/index.mts';
import { TRIGGER_NODE } from '../../dev/testEnvironment/triggerWorkflow.mts';
import type { SideEffect } from '../../dev/testEnvironment/sideEffectServer.mts';

export type StoredExecution = Pick<ExecutionSummary, 'id' | 'status'> & {
	/** Milliseconds since 1970. */
	createdAt: number;
};

/** For an execution whose event n8n has not stored. */
const UNKNOWN_EVENT = '';

/** The executions of one workflow by event. */
export class EventExecutions {
	private constructor(
		private readonly sideEffects: readonly SideEffect[],
		/** By execution id. */
		private readonly executions: Map<string, StoredExecution>,
		/** By event, the ids of executions that did not succeed and had no side effect for it. */
		private readonly interrupted: Map<string, string[]>,
		/** By event id. */
		readonly deliveries: Map<string, Delivery>,
	) {}

	/** `executions`: all executions of the workflow, from n8n's database. */
	static async load(
		n8n: N8n,
		executions: readonly StoredExecution[],
		sideEffects: readonly SideEffect[],
		deliveries: readonly Delivery[],
	): Promise<EventExecutions> {
		const withSideEffect = new Set(sideEffects.map((effect) => toKey(effect)));
		const interrupted = new Map<string, string[]>();
		for (const { id, status } of executions) {
			// A successful execution without a side effect was a duplicate, which the trigger dropped.
			if (status === 'success') continue;
			for (const eventId of await readEventIds(n8n, id)) {
				if (withSideEffect.has(toKey({ eventId, executionId: id }))) continue;
				interrupted.set(eventId, [...(interrupted.get(eventId) ?? []), id]);
			}
		}
		return new EventExecutions(
			sideEffects,
			new Map(executions.map((execution) => [execution.id, execution])),
			interrupted,
			new Map(deliveries.map((delivery) => [delivery.eventId, delivery])),
		);
	}

	/** The executions of an event, except those that dropped it as a duplicate. */
	forEvent(eventId: string): StoredExecution[] {
		const interrupted = this.interrupted.get(eventId) ?? [];
		return [
			...this.withSideEffect(eventId),
			...interrupted.flatMap((id) => this.executions.get(id) ?? []),
		];
	}

	/** The executions that did not succeed and whose event n8n has not stored. */
	withoutEvent(): StoredExecution[] {
		return this.forEvent(UNKNOWN_EVENT);
	}

	hasSucceeded(eventId: string): boolean {
		return this.forEvent(eventId).some(({ status }) => status === 'success');
	}

	/** The executions of an event in which the node after the trigger succeeded, oldest first. */
	withSideEffect(eventId: string): StoredExecution[] {
		const sideEffects = this.sideEffects.filter(
			(effect) => effect.eventId === eventId && effect.hasSucceeded,
		);
		const ids = new Set(sideEffects.map(({ executionId }) => executionId));
		const executions = [...ids].flatMap((id) => this.executions.get(id) ?? []);
		return executions.sort((one, other) => one.createdAt - other.createdAt);
	}

	count(status: ExecutionSummary['status']): number {
		return [...this.executions.values()].filter((execution) => execution.status === status).length;
	}
}

function toKey({ eventId, executionId }: Omit<SideEffect, 'hasSucceeded'>): string {
	return `${executionId} ${eventId}`;
}

/**
 * The ids of the events that started an execution, even if its trigger has not run. In queue mode, n8n may not have
 * stored them.
 */
async function readEventIds(n8n: N8n, executionId: string): Promise<Set<string>> {
	const execution = await n8n.executions.get(executionId);
	const pending = execution.data.executionData?.nodeExecutionStack[0]?.data.main?.[0] ?? [];
	// After a crash, n8n replaces a lost output with an item without an id.
	const items = [...pending, ...getOutput(execution, TRIGGER_NODE)];
	const ids = items.flatMap(({ json }) => (json.id === undefined ? [] : [String(json.id)]));
	return new Set(ids.length > 0 ? ids : [UNKNOWN_EVENT]);
}
