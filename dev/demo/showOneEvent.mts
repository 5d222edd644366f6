import type { TestEnvironment } from '../testEnvironment/testEnvironment.mts';
import { ExecutionFinder, getMessage } from './findExecution.mts';

const TIMEOUT_MS = 30_000;

/** Sends one `session.completed` and returns lines about its execution. Rejects if the execution did not succeed. */
export async function showOneEvent({ n8n, simulator }: TestEnvironment): Promise<string[]> {
	const { event } = simulator.emit('session.completed');
	const delivery = await simulator.waitForDelivery(event.id, { timeoutMs: TIMEOUT_MS });
	const attempt = delivery.attempts.at(-1);
	if (delivery.state !== 'delivered') {
		const reason = attempt?.error ?? `status ${attempt?.status}`;
		throw new Error(`n8n did not accept ${event.id}: ${reason}`);
	}
	const execution = await new ExecutionFinder(n8n).waitForExecution(event.id, TIMEOUT_MS);
	if (execution.status !== 'success') {
		const reason = execution.data.resultData.error?.message ?? 'no error message';
		throw new Error(`Execution ${execution.id} ended with status "${execution.status}": ${reason}`);
	}
	return [
		`sent       ${event.type} ${event.id}`,
		`response   ${attempt?.status} in ${attempt?.durationMs.toFixed(0)} ms`,
		`execution  ${execution.id}, ${execution.status}`,
		`result     ${JSON.stringify({ message: getMessage(execution) })}`,
	];
}
