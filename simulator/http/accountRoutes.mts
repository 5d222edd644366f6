import type { FastifyPluginAsync } from 'fastify';

export function accountRoutes(requestsPerMinute: number): FastifyPluginAsync {
	return async (app) => {
		app.get('/users/me', async () => ({
			success: true,
			data: {
				id: 'user_123456789',
				email: 'viewer@example.com',
				plan: 'professional',
				requests_per_minute: requestsPerMinute,
			},
		}));
	};
}
