import type { JsonObject } from '../../nodes/shared/values.ts';
import { formatTimestamp, type Clock } from '../runtime/clock.mts';
import type { PendingTasks } from '../runtime/pendingTasks.mts';
import type { SeededRandom } from '../runtime/seededRandom.mts';
import type { EventPublisher } from './eventPublisher.mts';

const MINUTE_MS = 60_000;
const QUEUED_SHARE = 0.1;

/** The duration of each analysis type. */
const MINUTES: Record<string, number> = { quick_scan: 5, comprehensive: 45, deep_dive: 120 };

export interface AnalysisInput {
	target_type: string;
	reference_material?: JsonObject;
	/** Default: `comprehensive`. */
	analysis_type?: string;
	priority?: string;
}

export interface Analysis {
	analysis_id: string;
	target_type: string;
	status: 'queued' | 'in_progress' | 'completed' | 'failed';
	estimated_completion: string;
}

interface Dependencies {
	clock: Clock;
	pendingTasks: PendingTasks;
	publisher: EventPublisher;
	random: SeededRandom;
}

/** Analyses progress in the background and emit their events. */
export class Analyses {
	constructor(private readonly dependencies: Dependencies) {}

	/** Queues an analysis. It fails at the end if its reference material contains "fail". */
	create({ target_type, reference_material, analysis_type }: AnalysisInput): Analysis {
		const { clock, pendingTasks, random } = this.dependencies;
		const minutes = MINUTES[analysis_type ?? 'comprehensive'] ?? 0;
		const willFail = /fail/i.test(JSON.stringify(reference_material ?? {}));
		const analysis: Analysis = {
			analysis_id: random.id('anal'),
			target_type,
			status: 'queued',
			estimated_completion: formatTimestamp(clock.dueTime(minutes * MINUTE_MS)),
		};
		this.emit('analysis.created', analysis);
		pendingTasks.start(async () => await this.run(analysis, minutes, willFail));
		return analysis;
	}

	private async run(analysis: Analysis, minutes: number, willFail: boolean): Promise<void> {
		const { clock } = this.dependencies;
		const durationMs = minutes * MINUTE_MS;

		await clock.wait(durationMs * QUEUED_SHARE);
		analysis.status = 'in_progress';
		this.emit('analysis.started', analysis);
		await clock.wait(durationMs * (1 - QUEUED_SHARE));
		if (willFail) {
			analysis.status = 'failed';
			this.emit('analysis.failed', analysis);
			return;
		}
		analysis.status = 'completed';
		const processing_time = `${minutes} minutes`;
		const fields = { processing_time, completed_at: formatTimestamp() };
		this.emit('analysis.completed', analysis, fields);
	}

	private emit(eventType: string, analysis: Analysis, fields: JsonObject = {}): void {
		const { analysis_id, target_type, status } = analysis;
		const data = { analysis_id, target_type, status, ...fields };
		this.dependencies.publisher.emit(eventType, { data });
	}
}
