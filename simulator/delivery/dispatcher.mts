import type { AttemptFaults, FaultInjector } from '../faults/faultInjector.mts';
import type { Clock } from '../runtime/clock.mts';
import type { PendingTasks } from '../runtime/pendingTasks.mts';
import type { SeededRandom } from '../runtime/seededRandom.mts';
import { isSuccess, type Attempt, type Delivery } from './delivery.mts';
import type { DeliveryLog } from './deliveryLog.mts';
import { ATTEMPT_DELAYS_MS } from './retrySchedule.mts';
import type { OutgoingRequest, RequestOutcome, Sender } from './sender.mts';

// How long a receiver may still respond after a `slow-response` fault.
const LATE_RESPONSE_TIMEOUT_MS = 10 * 60_000;

/** An event or a raw body to deliver to one webhook. */
export interface DeliveryJob {
	webhookId: string;
	eventId: string;
	eventType: string;
	request: OutgoingRequest;
	retry: boolean;
	/** Called before each attempt. False cancels the delivery. */
	shouldAttempt: () => boolean;
	/** Called when the last attempt has failed. */
	onFailed?: (delivery: Delivery) => void;
}

interface Dependencies {
	clock: Clock;
	pendingTasks: PendingTasks;
	sender: Sender;
	faults: FaultInjector;
	deliveryLog: DeliveryLog;
	random: SeededRandom;
	responseTimeoutMs: number;
}

type AttemptId = Pick<Attempt, 'number' | 'copy'> & { scheduledAt: number };

/** Delivers in up to seven attempts and logs each. */
export class Dispatcher {
	constructor(private readonly dependencies: Dependencies) {}

	/** Starts a delivery and returns its id. */
	dispatch(job: DeliveryJob): string {
		const { random, deliveryLog, pendingTasks } = this.dependencies;
		const { webhookId, eventId, eventType, request, retry } = job;
		const id = random.id('dlv');
		deliveryLog.add({
			id,
			webhookId,
			url: request.url,
			eventId,
			eventType,
			body: request.body.toString('utf8'),
			retry,
			createdAt: new Date().toISOString(),
		});
		pendingTasks.start(async () => await this.deliver(id, job));
		return id;
	}

	private async deliver(id: string, job: DeliveryJob): Promise<void> {
		const { clock, deliveryLog } = this.dependencies;
		const delays = job.retry ? ATTEMPT_DELAYS_MS : ATTEMPT_DELAYS_MS.slice(0, 1);
		let since = Date.now();
		try {
			for (const [index, delay] of delays.entries()) {
				const scheduledAt = clock.dueTime(delay, since);
				deliveryLog.setNextAttempt(id, toIso(scheduledAt));
				await clock.wait(delay);
				if (!job.shouldAttempt()) return void deliveryLog.end(id, 'canceled');
				const outcome = await this.attempt(id, job, index + 1, scheduledAt);
				if (isSuccess(outcome)) return void deliveryLog.end(id, 'delivered');
				since = outcome.endedAt;
			}
			const failed = deliveryLog.end(id, 'failed');
			if (failed) job.onFailed?.(failed);
		} catch (error) {
			deliveryLog.end(id, 'canceled');
			throw error;
		}
	}

	private async attempt(
		id: string,
		job: DeliveryJob,
		number: number,
		scheduledAt: number,
	): Promise<RequestOutcome> {
		const { clock, faults, deliveryLog } = this.dependencies;
		const { webhookId, eventId, eventType, request } = job;
		const selected = faults.selectAttemptFaults({ eventId, eventType, webhookId, number });
		await clock.waitReal(selected.delayMs);
		for (const [index, afterMs] of selected.duplicateDelaysMs.entries()) {
			const duplicate = { number, copy: index + 1, scheduledAt: Date.now() + afterMs };
			this.sendDuplicate(id, request, duplicate, afterMs);
		}
		const outcome = await this.send(request, selected.loss);
		clock.signal.throwIfAborted();
		deliveryLog.addAttempt(id, toAttempt({ number, copy: 0, scheduledAt }, outcome));
		return outcome;
	}

	private sendDuplicate(
		id: string,
		request: OutgoingRequest,
		duplicate: AttemptId,
		afterMs: number,
	): void {
		const { clock, pendingTasks, sender, deliveryLog } = this.dependencies;
		pendingTasks.start(async () => {
			await clock.waitReal(afterMs);
			const outcome = await sender.send(request);
			clock.signal.throwIfAborted();
			deliveryLog.addAttempt(id, toAttempt(duplicate, outcome));
		});
	}

	private async send(
		request: OutgoingRequest,
		loss: AttemptFaults['loss'],
	): Promise<RequestOutcome> {
		const { sender, responseTimeoutMs } = this.dependencies;
		switch (loss?.kind) {
			case undefined:
				return await sender.send(request);
			case 'drop':
				return createFailure(Date.now(), 'Request lost (fault "drop")');
			case 'lost-response': {
				const outcome = await sender.send(request);
				return { ...outcome, error: outcome.error ?? 'Response lost (fault "lost-response")' };
			}
			case 'slow-response': {
				const { afterMs = responseTimeoutMs, hangUp = false } = loss;
				const startedAt = Date.now();
				await this.sendAndIgnoreResponse(request, afterMs, hangUp);
				return createFailure(startedAt, 'Response timeout (fault "slow-response")');
			}
		}
	}

	/** Returns after `afterMs`. Without `hangUp`, the request continues in the background. */
	private async sendAndIgnoreResponse(
		request: OutgoingRequest,
		afterMs: number,
		hangUp: boolean,
	): Promise<void> {
		const { clock, pendingTasks, sender } = this.dependencies;
		const timeoutMs = hangUp ? afterMs : LATE_RESPONSE_TIMEOUT_MS;
		pendingTasks.start(async () => await sender.send(request, timeoutMs));
		await clock.waitReal(afterMs);
	}
}

function createFailure(startedAt: number, error: string): RequestOutcome {
	return { startedAt, endedAt: Date.now(), status: null, error, responseBody: '' };
}

function toAttempt(
	{ number, copy, scheduledAt }: AttemptId,
	{ startedAt, endedAt, status, error, responseBody }: RequestOutcome,
): Attempt {
	return {
		number,
		copy,
		scheduledAt: toIso(scheduledAt),
		startedAt: toIso(startedAt),
		endedAt: toIso(endedAt),
		durationMs: endedAt - startedAt,
		status,
		error,
		responseBody,
	};
}

function toIso(at: number): string {
	return new Date(at).toISOString();
}
