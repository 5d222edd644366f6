import type { EventType } from './eventType';

const subject = {
	query_id: 'dowse_123456789',
	query_type: 'location',
	question: 'Find optimal location for water well',
};

export const dowsingEvents: readonly EventType[] = [
	{
		type: 'dowsing.query_created',
		description: 'A dowsing query was submitted',
		sample: { ...subject, status: 'submitted' },
	},
	{
		type: 'dowsing.query_completed',
		description: 'A dowsing query was answered',
		sample: {
			...subject,
			answer: 'positive',
			confidence: 0.89,
			coordinates: { latitude: 40.7132, longitude: -74.0058, accuracy_meters: 15 },
			chart_data: {
				chart_type: 'radar',
				readings: [0.8, 0.6, 0.9, 0.7],
				interpretation: 'Strong positive response',
			},
			completed_at: '2025-01-15T09:45:00Z',
		},
	},
	{
		type: 'dowsing.query_failed',
		description: 'A dowsing query failed',
		sample: {
			...subject,
			status: 'failed',
			error: { code: 'no_response', message: 'The pendulum did not respond' },
		},
	},
];
