import type { Activity } from '../activity.mts';
import type { Clock } from '../clock.mts';
import type { AttemptFate, Faults } from '../faults/faults.mts';
import type { Seeded } from '../seeded.mts';
import { succeeded, type Attempt, type Delivery } from './delivery.mts';
import type { DeliveryLog } from './deliveryLog.mts';
import { ATTEMPT_DELAYS_MS } from './schedule.mts';
import type { Outcome, Posting, Sender } from './sender.mts';

// A receiver whose answer counts as too late may take this long to end what it does.
const OVERTIME_MS = 10 * 60_000;

/** What is to be delivered to one webhook. */
export interface Shipment {
	webhookId: string;
	eventId: string;
	eventType: string;
	posting: Posting;
	retry: boolean;
	/** Asked before each attempt: what gives false is not attempted any more. */
	isWanted: () => boolean;
	/** Told when the last attempt has failed. */
	onGivenUp?: (delivery: Delivery) => void;
}

interface Parts {
	clock: Clock;
	activity: Activity;
	sender: Sender;
	faults: Faults;
	log: DeliveryLog;
	seeded: Seeded;
	answerTimeoutMs: number;
}

/** Delivers in up to seven attempts, and writes down each. */
export class Dispatcher {
	constructor(private readonly parts: Parts) {}

	/** Begins a delivery and gives its id. */
	send(shipment: Shipment): string {
		const { webhookId, eventId, eventType, posting, retry } = shipment;
		const id = this.parts.seeded.id('dlv');
		this.parts.log.add({
			id,
			webhookId,
			url: posting.url,
			eventId,
			eventType,
			body: posting.body.toString('utf8'),
			retry,
			createdAt: new Date().toISOString(),
		});
		this.parts.activity.start(async () => await this.deliver(id, shipment));
		return id;
	}

	private async deliver(id: string, shipment: Shipment): Promise<void> {
		const { clock, log } = this.parts;
		const delays = shipment.retry ? ATTEMPT_DELAYS_MS : ATTEMPT_DELAYS_MS.slice(0, 1);
		let since = Date.now();
		try {
			for (const [index, delay] of delays.entries()) {
				const scheduledAt = clock.due(delay, since);
				log.plan(id, isoTime(scheduledAt));
				await clock.wait(delay);
				if (!shipment.isWanted()) return void log.end(id, 'cancelled');
				const outcome = await this.attempt(id, shipment, index + 1, scheduledAt);
				if (succeeded(outcome)) return void log.end(id, 'delivered');
				since = outcome.endedAt;
			}
			const givenUp = log.end(id, 'givenUp');
			if (givenUp) shipment.onGivenUp?.(givenUp);
		} catch (error) {
			log.end(id, 'cancelled');
			throw error;
		}
	}

	private async attempt(
		id: string,
		shipment: Shipment,
		number: number,
		scheduledAt: number,
	): Promise<Outcome> {
		const { clock, faults, log } = this.parts;
		const { webhookId, eventId, eventType, posting } = shipment;
		const fate = faults.strikeAttempt({ eventId, eventType, webhookId, number });
		await clock.waitReal(fate.holdMs);
		for (const [index, afterMs] of fate.copiesAfterMs.entries()) {
			this.sendCopy(id, posting, { number, copy: index + 1, afterMs });
		}
		const outcome = await this.post(posting, fate.loss);
		clock.signal.throwIfAborted();
		log.addAttempt(id, toAttempt({ number, copy: 0, scheduledAt }, outcome));
		return outcome;
	}

	private sendCopy(
		id: string,
		posting: Posting,
		{ number, copy, afterMs }: { number: number; copy: number; afterMs: number },
	): void {
		const { clock, activity, sender, log } = this.parts;
		const scheduledAt = Date.now() + afterMs;
		activity.start(async () => {
			await clock.waitReal(afterMs);
			const outcome = await sender.post(posting);
			clock.signal.throwIfAborted();
			log.addAttempt(id, toAttempt({ number, copy, scheduledAt }, outcome));
		});
	}

	private async post(posting: Posting, loss: AttemptFate['loss']): Promise<Outcome> {
		const { sender, answerTimeoutMs } = this.parts;
		switch (loss?.kind) {
			case undefined:
				return await sender.post(posting);
			case 'drop':
				return unanswered(Date.now(), 'Never reached the receiver (fault "drop")');
			case 'lost-answer': {
				const outcome = await sender.post(posting);
				return { ...outcome, error: outcome.error ?? 'Answer lost (fault "lost-answer")' };
			}
			case 'slow-answer': {
				const { afterMs = answerTimeoutMs, hangUp = false } = loss;
				const startedAt = Date.now();
				await this.postUnheard(posting, afterMs, hangUp);
				return unanswered(startedAt, 'No answer in time (fault "slow-answer")');
			}
		}
	}

	/** Sends and takes no notice of the answer for so long; afterwards the request may still go on. */
	private async postUnheard(posting: Posting, afterMs: number, hangUp: boolean): Promise<void> {
		const { clock, activity, sender } = this.parts;
		activity.start(async () => await sender.post(posting, hangUp ? afterMs : OVERTIME_MS));
		await clock.waitReal(afterMs);
	}
}

function unanswered(startedAt: number, error: string): Outcome {
	return { startedAt, endedAt: Date.now(), status: null, error, responseBody: '' };
}

function toAttempt(
	{ number, copy, scheduledAt }: { number: number; copy: number; scheduledAt: number },
	{ startedAt, endedAt, status, error, responseBody }: Outcome,
): Attempt {
	return {
		number,
		copy,
		scheduledAt: isoTime(scheduledAt),
		startedAt: isoTime(startedAt),
		endedAt: isoTime(endedAt),
		durationMs: endedAt - startedAt,
		status,
		error,
		responseBody,
	};
}

function isoTime(at: number): string {
	return new Date(at).toISOString();
}
