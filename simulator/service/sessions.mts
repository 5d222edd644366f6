import type { JsonObject } from '../../nodes/shared/values.ts';
import { formatTimestamp, type Clock } from '../runtime/clock.mts';
import type { PendingTasks } from '../runtime/pendingTasks.mts';
import type { SeededRandom } from '../runtime/seededRandom.mts';
import { createPayload } from './event.mts';
import type { EventPublisher } from './eventPublisher.mts';

const MINUTE_MS = 60_000;
// One step as initiated, then ten steps of ten percent.
const STEPS = 11;
const FAILS_AT_PERCENT = 50;

export interface SessionInput {
	type: string;
	target: string;
	modality?: string;
	duration_minutes?: number;
	privacy_level?: string;
}

export interface Session extends Required<SessionInput> {
	session_id: string;
	status: 'initiated' | 'in_progress' | 'completed' | 'failed';
	/** 0 to 100, in steps of 10. */
	progress: number;
	created_at: string;
	estimated_completion: string;
}

interface Dependencies {
	clock: Clock;
	pendingTasks: PendingTasks;
	publisher: EventPublisher;
	random: SeededRandom;
}

/** Sessions progress in the background and emit their events. */
export class Sessions {
	private readonly sessions = new Map<string, Session>();

	constructor(private readonly dependencies: Dependencies) {}

	/** Starts a session. It fails at 50 % if its target contains "fail". */
	create(input: SessionInput): Session {
		const { clock, pendingTasks, random } = this.dependencies;
		const durationMinutes = input.duration_minutes ?? 30;
		const session: Session = {
			modality: 'visual',
			privacy_level: 'private',
			...input,
			duration_minutes: durationMinutes,
			session_id: random.id('sess'),
			status: 'initiated',
			progress: 0,
			created_at: formatTimestamp(),
			estimated_completion: formatTimestamp(clock.dueTime(durationMinutes * MINUTE_MS)),
		};
		this.sessions.set(session.session_id, session);
		this.emit('session.created', session);
		pendingTasks.start(async () => await this.run(session));
		return session;
	}

	get(id: string): Session | undefined {
		return this.sessions.get(id);
	}

	private async run(session: Session): Promise<void> {
		const { clock } = this.dependencies;
		const stepMs = (session.duration_minutes * MINUTE_MS) / STEPS;
		const willFail = /fail/i.test(session.target);

		await clock.wait(stepMs);
		session.status = 'in_progress';
		this.emit('session.started', session);
		while (session.progress < 100) {
			await clock.wait(stepMs);
			session.progress += 10;
			this.emit('session.progress_updated', session, { progress: session.progress });
			if (willFail && session.progress === FAILS_AT_PERCENT) {
				session.status = 'failed';
				this.emit('session.failed', session);
				return;
			}
		}
		session.status = 'completed';
		const { target, duration_minutes } = session;
		const fields = { target, duration_minutes, completed_at: formatTimestamp() };
		this.emit('session.completed', session, fields);
	}

	private emit(eventType: string, session: Session, fields: JsonObject = {}): void {
		const { session_id, type, status } = session;
		const data = { session_id, type, status, ...fields };
		this.dependencies.publisher.emit(eventType, { data });
	}
}

/** The results of a completed session, from the sample payload. */
export function createSessionResults({ duration_minutes, modality }: Session): JsonObject {
	return {
		results: createPayload('session.completed')?.results ?? {},
		metadata: { duration_minutes, modality, analyst_id: 'analyst_123456789' },
		validation_metrics: { accuracy: 0.87, reliability: 0.92 },
	};
}

/** The API's `current_phase`. */
export function getPhase({ status, progress }: Session): string {
	if (status === 'initiated') return 'preparation';
	if (status === 'in_progress') return progress < 50 ? 'perception' : 'evaluation';
	return status;
}
