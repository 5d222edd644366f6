import { describe, expect, it } from '@jest/globals';

import { DEFAULT_API_KEY } from '../../simulator/index.mts';
import { RateLimit } from '../../simulator/http/rateLimit.mts';
import { settingsFrom } from '../../simulator/options.mts';
import { call, callApi } from '../support/api.mts';
import { simulate } from './harness/world.mts';

describe('the key', () => {
	it('is taken as a bearer token or in X-API-Key', async () => {
		const { baseUrl } = await simulate();
		const statusWith = async (headers: Record<string, string>) =>
			(await call('GET', `${baseUrl}/webhooks`, undefined, headers)).status;
		expect(await statusWith({ Authorization: `Bearer ${DEFAULT_API_KEY}` })).toBe(200);
		expect(await statusWith({ 'X-API-Key': DEFAULT_API_KEY })).toBe(200);
	});

	it.each([
		['missing', {}],
		['unknown', { Authorization: 'Bearer mp_unknown' }],
		['of another scheme', { Authorization: `Basic ${DEFAULT_API_KEY}` }],
		['bare', { Authorization: DEFAULT_API_KEY }],
		['empty', { Authorization: 'Bearer ' }],
		['unknown in X-API-Key', { 'X-API-Key': 'mp_unknown' }],
	])('that is %s gives 401', async (_name, headers: Record<string, string>) => {
		const { baseUrl } = await simulate();
		const { status, body } = await call('GET', `${baseUrl}/webhooks`, undefined, headers);
		expect(status).toBe(401);
		expect(body).toEqual({
			error: { code: 'unauthorized', message: 'The API key is missing or not valid' },
		});
	});

	it('guards all below the base url, unknown routes as well', async () => {
		const { baseUrl } = await simulate();
		for (const path of ['/webhooks', '/sessions/x', '/users/me', '/no/such/route']) {
			expect((await call('GET', `${baseUrl}${path}`)).status).toBe(401);
		}
	});

	it('is one of those the simulator was started with', async () => {
		const { baseUrl } = await simulate({ apiKeys: ['one', 'two'] });
		const statusWith = async (key: string) =>
			(await call('GET', `${baseUrl}/users/me`, undefined, { Authorization: `Bearer ${key}` }))
				.status;
		expect([await statusWith('one'), await statusWith('two')]).toEqual([200, 200]);
		expect(await statusWith(DEFAULT_API_KEY)).toBe(401);
	});
});

describe('GET /users/me', () => {
	it('answers the account', async () => {
		const { status, body } = await callApi(await simulate(), 'GET', '/users/me');
		expect(status).toBe(200);
		expect(body).toMatchObject({ success: true, data: { id: expect.any(String) } });
	});
});

describe('the rate limit', () => {
	it('refuses what is beyond it with 429 and Retry-After', async () => {
		const simulator = await simulate({ requestsPerMinute: 2 });
		const answers = [];
		for (let i = 0; i < 3; i++) answers.push(await callApi(simulator, 'GET', '/webhooks'));
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
		expect(answers[2]?.body.error.code).toBe('rate_limited');
		const retryAfter = answers[2]?.headers.get('retry-after') ?? '';
		expect(retryAfter).toMatch(/^\d+$/);
		expect(Number(retryAfter)).toBeGreaterThan(50);
		expect(Number(retryAfter)).toBeLessThanOrEqual(60);
	});

	it('counts each key for itself, and calls without a valid one not at all', async () => {
		const { baseUrl } = await simulate({ apiKeys: ['one', 'two'], requestsPerMinute: 1 });
		const statusWith = async (key: string) =>
			(await call('GET', `${baseUrl}/webhooks`, undefined, { 'X-API-Key': key })).status;
		const keys = ['none', 'none', 'one', 'one', 'two'];
		const statuses = [];
		for (const key of keys) statuses.push(await statusWith(key));
		expect(statuses).toEqual([401, 401, 200, 429, 200]);
	});

	it('is a thousand calls a minute where nothing else is said', () => {
		expect(settingsFrom({}).requestsPerMinute).toBe(1_000);
	});

	it('begins anew a minute after the first call', () => {
		const limit = new RateLimit(1);
		const start = 1_000_000;
		expect(limit.count('key', start)).toBeUndefined();
		expect(limit.count('key', start + 1)).toBe(60);
		expect(limit.count('key', start + 59_999)).toBe(1);
		expect(limit.count('key', start + 60_000)).toBeUndefined();
	});
});
