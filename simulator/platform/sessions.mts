import type { Activity } from '../activity.mts';
import type { Clock } from '../clock.mts';
import type { JsonObject } from '../../nodes/shared/events/index.ts';
import type { Seeded } from '../seeded.mts';
import { timestamp } from '../timestamp.mts';
import { payloadOf } from './event.mts';
import type { Publisher } from './publisher.mts';

const MINUTE_MS = 60_000;
// A session is initiated for one step, and then takes ten, of ten percent each.
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

interface Parts {
	clock: Clock;
	activity: Activity;
	publisher: Publisher;
	seeded: Seeded;
}

/** Sessions, which progress by themselves and emit their events. */
export class Sessions {
	private readonly sessions = new Map<string, Session>();

	constructor(private readonly parts: Parts) {}

	/** Initiates a session. One whose target contains "fail" fails half way. */
	create(input: SessionInput): Session {
		const { clock, activity, seeded } = this.parts;
		const durationMinutes = input.duration_minutes ?? 30;
		const session: Session = {
			modality: 'visual',
			privacy_level: 'private',
			...input,
			duration_minutes: durationMinutes,
			session_id: seeded.id('sess'),
			status: 'initiated',
			progress: 0,
			created_at: timestamp(),
			estimated_completion: timestamp(clock.due(durationMinutes * MINUTE_MS)),
		};
		this.sessions.set(session.session_id, session);
		this.emit('session.created', session);
		activity.start(async () => await this.run(session));
		return session;
	}

	get(id: string): Session | undefined {
		return this.sessions.get(id);
	}

	private async run(session: Session): Promise<void> {
		const { clock } = this.parts;
		const stepMs = (session.duration_minutes * MINUTE_MS) / STEPS;
		const isDoomed = /fail/i.test(session.target);

		await clock.wait(stepMs);
		session.status = 'in_progress';
		this.emit('session.started', session);
		while (session.progress < 100) {
			await clock.wait(stepMs);
			session.progress += 10;
			this.emit('session.progress_updated', session, { progress: session.progress });
			if (isDoomed && session.progress === FAILS_AT_PERCENT) {
				session.status = 'failed';
				this.emit('session.failed', session);
				return;
			}
		}
		session.status = 'completed';
		const { target, duration_minutes } = session;
		const completed = { target, duration_minutes, completed_at: timestamp() };
		this.emit('session.completed', session, completed);
	}

	private emit(event: string, session: Session, more: JsonObject = {}): void {
		const { session_id, type, status } = session;
		this.parts.publisher.emit(event, { data: { session_id, type, status, ...more } });
	}
}

/** What a completed session found: the results of the sample payload. */
export function sessionResults({ duration_minutes, modality }: Session): JsonObject {
	return {
		results: payloadOf('session.completed')?.results ?? {},
		metadata: { duration_minutes, modality, analyst_id: 'analyst_123456789' },
		validation_metrics: { accuracy: 0.87, reliability: 0.92 },
	};
}

/** A word for how far a session is. */
export function phaseOf({ status, progress }: Session): string {
	if (status === 'initiated') return 'preparation';
	if (status === 'in_progress') return progress < 50 ? 'perception' : 'evaluation';
	return status;
}
