import type { Activity } from '../activity.mts';
import type { Clock } from '../clock.mts';
import type { JsonObject } from '../../nodes/shared/events/index.ts';
import type { Seeded } from '../seeded.mts';
import { timestamp } from '../timestamp.mts';
import type { Publisher } from './publisher.mts';

const MINUTE_MS = 60_000;
const QUEUED_SHARE = 0.1;

/** How long each type of analysis takes. */
const MINUTES: Record<string, number> = { quick_scan: 5, comprehensive: 45, deep_dive: 120 };

export interface AnalysisInput {
	target_type: string;
	reference_material?: JsonObject;
	/** `comprehensive` where left out. */
	analysis_type?: string;
	priority?: string;
}

export interface Analysis {
	analysis_id: string;
	target_type: string;
	status: 'queued' | 'in_progress' | 'completed' | 'failed';
	estimated_completion: string;
}

interface Parts {
	clock: Clock;
	activity: Activity;
	publisher: Publisher;
	seeded: Seeded;
}

/** Analyses of targets, which progress by themselves and emit their events. */
export class Analyses {
	constructor(private readonly parts: Parts) {}

	/** Queues an analysis. One whose reference material contains "fail" fails at the end. */
	create({ target_type, reference_material, analysis_type }: AnalysisInput): Analysis {
		const { clock, activity, seeded } = this.parts;
		const minutes = MINUTES[analysis_type ?? 'comprehensive'] ?? 0;
		const isDoomed = /fail/i.test(JSON.stringify(reference_material ?? {}));
		const analysis: Analysis = {
			analysis_id: seeded.id('anal'),
			target_type,
			status: 'queued',
			estimated_completion: timestamp(clock.due(minutes * MINUTE_MS)),
		};
		this.emit('analysis.created', analysis);
		activity.start(async () => await this.run(analysis, minutes, isDoomed));
		return analysis;
	}

	private async run(analysis: Analysis, minutes: number, isDoomed: boolean): Promise<void> {
		const { clock } = this.parts;
		const durationMs = minutes * MINUTE_MS;

		await clock.wait(durationMs * QUEUED_SHARE);
		analysis.status = 'in_progress';
		this.emit('analysis.started', analysis);
		await clock.wait(durationMs * (1 - QUEUED_SHARE));
		if (isDoomed) {
			analysis.status = 'failed';
			this.emit('analysis.failed', analysis);
			return;
		}
		analysis.status = 'completed';
		const processing_time = `${minutes} minutes`;
		this.emit('analysis.completed', analysis, { processing_time, completed_at: timestamp() });
	}

	private emit(event: string, analysis: Analysis, more: JsonObject = {}): void {
		const { analysis_id, target_type, status } = analysis;
		this.parts.publisher.emit(event, { data: { analysis_id, target_type, status, ...more } });
	}
}
