import type { EventType } from './eventType';

const subject = { session_id: 'sess_123456789', type: 'remote_viewing' };

export const sessionEvents: readonly EventType[] = [
	{
		type: 'session.created',
		description: 'A new session was initiated',
		sample: { ...subject, status: 'initiated' },
	},
	{
		type: 'session.started',
		description: 'A session began processing',
		sample: { ...subject, status: 'in_progress' },
	},
	{
		type: 'session.completed',
		description: 'A session finished successfully',
		sample: {
			...subject,
			target: 'Missing person investigation',
			status: 'completed',
			confidence_score: 0.87,
			duration_minutes: 28,
			results: {
				coordinates: { latitude: 40.7128, longitude: -74.006 },
				descriptors: ['urban environment', 'water body nearby'],
				sketches: ['https://cdn.mindpeeker.com/sketches/sess_123456789_1.png'],
			},
			completed_at: '2025-01-15T10:30:00Z',
		},
	},
	{
		type: 'session.failed',
		description: 'A session failed or was cancelled',
		sample: {
			...subject,
			status: 'failed',
			error: { code: 'signal_lost', message: 'The viewer lost the signal line' },
		},
	},
	{
		type: 'session.progress_updated',
		description: 'A session progressed by another ten percent',
		sample: { ...subject, status: 'in_progress', progress: 50 },
	},
];
