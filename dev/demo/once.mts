import type { Stage } from '../testEnvironment/stage.mts';
import { messageOf, Outcomes } from './outcome.mts';

const PATIENCE_MS = 30_000;

/** Sends one `session.completed` and gives what the workflow made of it. Rejects where it did not succeed. */
export async function showOnce({ n8n, simulator }: Stage): Promise<string[]> {
	const { event } = simulator.emit('session.completed');
	const delivery = await simulator.waitForDelivery(event.id, { timeoutMs: PATIENCE_MS });
	const answer = delivery.attempts.at(-1);
	if (delivery.state !== 'delivered') {
		throw new Error(
			`n8n did not take ${event.id}: ${answer?.error ?? `it answered ${answer?.status}`}`,
		);
	}
	const execution = await new Outcomes(n8n).of(event.id, PATIENCE_MS);
	if (!execution) throw new Error(`n8n took ${event.id}, and no execution of it ended`);
	if (execution.status !== 'success') {
		const reason = execution.data.resultData.error?.message ?? 'n8n does not say why';
		throw new Error(`Execution ${execution.id} ended as "${execution.status}": ${reason}`);
	}
	return [
		`sent       ${event.type} ${event.id}`,
		`answered   ${answer?.status} in ${answer?.durationMs.toFixed(0)} ms`,
		`execution  ${execution.id}, ${execution.status}`,
		`result     ${JSON.stringify({ message: messageOf(execution) })}`,
	];
}
