import type { EventType } from './eventType';

const subject = { analysis_id: 'anal_123456789', target_type: 'location' };

export const analysisEvents: readonly EventType[] = [
	{
		type: 'analysis.created',
		description: 'An analysis was queued',
		sample: { ...subject, status: 'queued' },
	},
	{
		type: 'analysis.started',
		description: 'An analysis began processing',
		sample: { ...subject, status: 'in_progress' },
	},
	{
		type: 'analysis.completed',
		description: 'An analysis finished successfully',
		sample: {
			...subject,
			status: 'completed',
			confidence_score: 0.91,
			results: {
				summary: 'Analysis reveals structural anomalies...',
				key_findings: ['Structural anomalies detected', 'Temporal inconsistencies present'],
				risk_assessment: { level: 'medium', factors: ['temporal_instability'] },
			},
			processing_time: '45 minutes',
			completed_at: '2025-01-15T11:15:00Z',
		},
	},
	{
		type: 'analysis.failed',
		description: 'An analysis failed',
		sample: {
			...subject,
			status: 'failed',
			error: { code: 'insufficient_material', message: 'The reference material is not sufficient' },
		},
	},
];
