import type { EventType } from './eventType';

export const systemEvents: readonly EventType[] = [
	{
		type: 'system.maintenance_scheduled',
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
		description: 'The service is disrupted',
		sample: {
			incident_id: 'inc_123456789',
			status: 'investigating',
			affected_services: ['sessions'],
		},
	},
	{
		type: 'system.security_alert',
		description: 'A security alert was raised',
		sample: {
			alert_id: 'alrt_123456789',
			status: 'open',
			severity: 'high',
			message: 'Sign-in from a new country',
		},
	},
];
