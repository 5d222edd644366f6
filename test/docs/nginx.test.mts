import { afterEach, expect, it } from '@jest/globals';

import { describeIf } from '../support/jest.mts';
import { findMissingProgram } from '../../dev/testEnvironment/documentedPrograms.mts';
import type { DocumentedProxy } from '../../dev/testEnvironment/documentedProxy.mts';
import { startNginx } from '../../dev/testEnvironment/nginx.mts';
import { findCodeBlocks } from './harness/pages.mts';

const WEBHOOK = '/webhook/1/mindpeeker';
let nginx: DocumentedProxy;
afterEach(async () => await nginx?.stop());

const [readinessCheck, rateLimit, ...others] = findCodeBlocks('nginx').sort(
	({ text: one }, { text: other }) => other.indexOf('auth_request') - one.indexOf('auth_request'),
);
/** With both documented blocks. */
const start = async () => await startNginx(readinessCheck?.text ?? '', rateLimit?.text ?? '');

describeIf(!findMissingProgram('nginx'))('the nginx configuration (apt-get install nginx)', () => {
	it('consists of two blocks', () => {
		expect(others.map(({ location }) => location)).toEqual([]);
	});

	it(`${readinessCheck?.location} forwards deliveries only while n8n is ready`, async () => {
		nginx = await start();
		expect(await nginx.post(WEBHOOK, 'x'.repeat(15 * 1024 * 1024))).toBe(200);
		expect(nginx.backend.seen.at(-1)).toMatchObject({ url: WEBHOOK, bytes: 15 * 1024 * 1024 });
		expect(nginx.backend.seen.at(-1)?.headers).toMatchObject({ 'x-forwarded-proto': 'http' });

		nginx.backend.isReady = false;
		expect(await nginx.post(WEBHOOK, '{}')).toBeGreaterThanOrEqual(500);
		expect(nginx.backend.seen.filter(({ url }) => url === WEBHOOK)).toHaveLength(1);
	});

	it(`${rateLimit?.location} forwards a burst and rejects a flood`, async () => {
		nginx = await start();
		const statuses = await Promise.all(
			Array.from({ length: 600 }, async () => await nginx.post(WEBHOOK, '{}')),
		);
		const count = (status: number) => statuses.filter((one) => one === status).length;
		expect(count(200)).toBeGreaterThan(200);
		expect(count(429)).toBeGreaterThan(0);
		expect(count(200) + count(429)).toBe(600);
		expect(nginx.backend.seen).toHaveLength(count(200));
	});

	it(`${rateLimit?.location} limits only deliveries`, async () => {
		nginx = await start();
		const statuses = await Promise.all(
			Array.from({ length: 600 }, async () => await nginx.post('/webhook/1/another', '{}')),
		);
		expect(statuses.filter((status) => status !== 200)).toEqual([]);
	});
});
