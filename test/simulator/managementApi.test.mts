import { describe, expect, it } from '@jest/globals';

import { DEFAULT_API_KEY } from '../../simulator/index.mts';
import { RateLimiter } from '../../simulator/http/rateLimiter.mts';
import { resolveOptions } from '../../simulator/options.mts';
import { send, sendApiRequest } from '../support/api.mts';
import { startTestSimulator } from './harness/setup.mts';

describe('authentication', () => {
	it('accepts a bearer token or the X-API-Key header', async () => {
		const { baseUrl } = await startTestSimulator();
		const statusWith = async (headers: Record<string, string>) =>
			(await send('GET', `${baseUrl}/webhooks`, undefined, headers)).status;
		expect(await statusWith({ Authorization: `Bearer ${DEFAULT_API_KEY}` })).toBe(200);
		expect(await statusWith({ 'X-API-Key': DEFAULT_API_KEY })).toBe(200);
	});

	it.each([
		['missing', {}],
		['unknown', { Authorization: 'Bearer mp_unknown' }],
		['in another scheme', { Authorization: `Basic ${DEFAULT_API_KEY}` }],
		['without a scheme', { Authorization: DEFAULT_API_KEY }],
		['empty', { Authorization: 'Bearer ' }],
		['unknown in X-API-Key', { 'X-API-Key': 'mp_unknown' }],
	])('responds with 401 to a key that is %s', async (_name, headers: Record<string, string>) => {
		const { baseUrl } = await startTestSimulator();
		const { status, body } = await send('GET', `${baseUrl}/webhooks`, undefined, headers);
		expect(status).toBe(401);
		expect(body).toEqual({
			error: { code: 'unauthorized', message: 'The API key is missing or not valid' },
		});
	});

	it('is required for all routes, including unknown ones', async () => {
		const { baseUrl } = await startTestSimulator();
		for (const path of ['/webhooks', '/sessions/x', '/users/me', '/no/such/route']) {
			expect((await send('GET', `${baseUrl}${path}`)).status).toBe(401);
		}
	});

	it('accepts each of the configured keys', async () => {
		const { baseUrl } = await startTestSimulator({ apiKeys: ['one', 'two'] });
		const statusWith = async (key: string) =>
			(await send('GET', `${baseUrl}/users/me`, undefined, { Authorization: `Bearer ${key}` }))
				.status;
		expect([await statusWith('one'), await statusWith('two')]).toEqual([200, 200]);
		expect(await statusWith(DEFAULT_API_KEY)).toBe(401);
	});
});

describe('GET /users/me', () => {
	it('returns the account', async () => {
		const { status, body } = await sendApiRequest(await startTestSimulator(), 'GET', '/users/me');
		expect(status).toBe(200);
		expect(body).toMatchObject({ success: true, data: { id: expect.any(String) } });
	});
});

describe('the rate limit', () => {
	it('responds with 429 and Retry-After above the limit', async () => {
		const simulator = await startTestSimulator({ requestsPerMinute: 2 });
		const responses = [];
		for (let i = 0; i < 3; i++) responses.push(await sendApiRequest(simulator, 'GET', '/webhooks'));
		expect(responses.map(({ status }) => status)).toEqual([200, 200, 429]);
		expect(responses[2]?.body.error.code).toBe('rate_limited');
		const retryAfter = responses[2]?.headers.get('retry-after') ?? '';
		expect(retryAfter).toMatch(/^\d+$/);
		expect(Number(retryAfter)).toBeGreaterThan(50);
		expect(Number(retryAfter)).toBeLessThanOrEqual(60);
	});

	it('counts per key, and ignores requests without a valid key', async () => {
		const { baseUrl } = await startTestSimulator({ apiKeys: ['one', 'two'], requestsPerMinute: 1 });
		const statusWith = async (key: string) =>
			(await send('GET', `${baseUrl}/webhooks`, undefined, { 'X-API-Key': key })).status;
		const keys = ['none', 'none', 'one', 'one', 'two'];
		const statuses = [];
		for (const key of keys) statuses.push(await statusWith(key));
		expect(statuses).toEqual([401, 401, 200, 429, 200]);
	});

	it('defaults to 1,000 requests per minute', () => {
		expect(resolveOptions({}).requestsPerMinute).toBe(1_000);
	});

	it('resets a minute after the first request', () => {
		const limit = new RateLimiter(1);
		const start = 1_000_000;
		expect(limit.count('key', start)).toBeUndefined();
		expect(limit.count('key', start + 1)).toBe(60);
		expect(limit.count('key', start + 59_999)).toBe(1);
		expect(limit.count('key', start + 60_000)).toBeUndefined();
	});
});
