import { ATTEMPTS } from '../retrySchedule';
import type { JsonObject } from '../values';

/** One type of event that MindPeeker sends. */
export interface EventType {
	/** The name in an event's `type` and in a webhook's `events`. */
	readonly type: string;
	/** The name of its output. n8n's canvas cuts off names of more than about 12 characters (76 pixels). */
	readonly shortTitle: string;
	/** What happened, without a period. */
	readonly description: string;
	/** Sample `data` of an event. */
	readonly sample: JsonObject;
}

const SESSION = { session_id: 'sess_123456789', type: 'remote_viewing' };
const ANALYSIS = { analysis_id: 'anal_123456789', target_type: 'location' };
const QUERY = {
	query_id: 'dowse_123456789',
	query_type: 'location',
	question: 'Find optimal location for water well',
};
const ACCOUNT = { account_id: 'acct_123456789' };

/** All event types that MindPeeker documents, in the order of its documentation. */
export const EVENT_TYPES: readonly EventType[] = [
	{
		type: 'session.created',
		shortTitle: 'New session',
		description: 'A new session was initiated',
		sample: { ...SESSION, status: 'initiated' },
	},
	{
		type: 'session.started',
		shortTitle: 'Session run',
		description: 'A session began processing',
		sample: { ...SESSION, status: 'in_progress' },
	},
	{
		type: 'session.completed',
		shortTitle: 'Session OK',
		description: 'A session finished successfully',
		sample: {
			...SESSION,
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
		shortTitle: 'Session fail',
		description: 'A session failed or was cancelled',
		sample: {
			...SESSION,
			status: 'failed',
			error: { code: 'signal_lost', message: 'The viewer lost the signal line' },
		},
	},
	{
		type: 'session.progress_updated',
		shortTitle: 'Progress',
		description: 'A session progressed by another ten percent',
		sample: { ...SESSION, status: 'in_progress', progress: 50 },
	},
	{
		type: 'analysis.created',
		shortTitle: 'New analysis',
		description: 'An analysis was queued',
		sample: { ...ANALYSIS, status: 'queued' },
	},
	{
		type: 'analysis.started',
		shortTitle: 'Analysis run',
		description: 'An analysis began processing',
		sample: { ...ANALYSIS, status: 'in_progress' },
	},
	{
		type: 'analysis.completed',
		shortTitle: 'Analysis OK',
		description: 'An analysis finished successfully',
		sample: {
			...ANALYSIS,
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
		shortTitle: 'Analysis fail',
		description: 'An analysis failed',
		sample: {
			...ANALYSIS,
			status: 'failed',
			error: { code: 'insufficient_material', message: 'The reference material is not sufficient' },
		},
	},
	{
		type: 'dowsing.query_created',
		shortTitle: 'New query',
		description: 'A dowsing query was submitted',
		sample: { ...QUERY, status: 'submitted' },
	},
	{
		type: 'dowsing.query_completed',
		shortTitle: 'Query OK',
		description: 'A dowsing query was answered',
		sample: {
			...QUERY,
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
		shortTitle: 'Query fail',
		description: 'A dowsing query failed',
		sample: {
			...QUERY,
			status: 'failed',
			error: { code: 'no_response', message: 'The pendulum did not respond' },
		},
	},
	{
		type: 'account.subscription_updated',
		shortTitle: 'Plan change',
		description: 'The plan of the account changed',
		sample: { ...ACCOUNT, status: 'active', previous_plan: 'basic', plan: 'professional' },
	},
	{
		type: 'account.usage_threshold_reached',
		shortTitle: 'Usage alert',
		description: 'The usage limit of the account is approaching',
		sample: { ...ACCOUNT, status: 'warning', threshold: 80, usage: 812, limit: 1000 },
	},
	{
		type: 'account.payment_succeeded',
		shortTitle: 'Payment OK',
		description: 'A payment succeeded',
		sample: { ...ACCOUNT, status: 'succeeded', amount: 4900, currency: 'usd' },
	},
	{
		type: 'account.payment_failed',
		shortTitle: 'Payment fail',
		description: 'A payment failed',
		sample: {
			...ACCOUNT,
			status: 'failed',
			amount: 4900,
			currency: 'usd',
			error: { code: 'card_declined', message: 'The card was declined' },
		},
	},
	{
		type: 'system.maintenance_scheduled',
		shortTitle: 'Maintenance',
		description: 'A maintenance was scheduled',
		sample: {
			maintenance_id: 'mnt_123456789',
			status: 'scheduled',
			starts_at: '2025-01-20T02:00:00Z',
			ends_at: '2025-01-20T04:00:00Z',
		},
	},
	{
		type: 'system.service_disruption',
		shortTitle: 'Disruption',
		description: 'The service is disrupted',
		sample: {
			incident_id: 'inc_123456789',
			status: 'investigating',
			affected_services: ['sessions'],
		},
	},
	{
		type: 'system.security_alert',
		shortTitle: 'Security',
		description: 'A security alert was raised',
		sample: {
			alert_id: 'alrt_123456789',
			status: 'open',
			severity: 'high',
			message: 'Sign-in from a new country',
		},
	},
	{
		type: 'webhook.failed',
		shortTitle: 'Webhook fail',
		description: 'All attempts of a delivery failed, and its webhook was marked as failed',
		sample: {
			webhook_id: 'wh_123456789',
			status: 'failed',
			event_id: 'evt_1234567890abcdef',
			url: 'https://n8n.example.com/webhook/2f6a1c/mindpeeker',
			attempts: ATTEMPTS,
			last_status: 500,
			last_error: 'The receiver responded with 500',
		},
	},
];
