import { afterEach, expect, it } from '@jest/globals';
import { describeIf } from '../support/jest.mts';

import { fencesOf } from './harness/fences.mts';
import { missingNginx, startNginx, type Nginx } from './harness/nginx.mts';

const WEBHOOK = '/webhook/1/mindpeeker';
let nginx: Nginx;
afterEach(async () => await nginx?.stop());

const [asking, limiting, ...others] = fencesOf('nginx').sort(
	({ text: one }, { text: other }) => other.indexOf('auth_request') - one.indexOf('auth_request'),
);
/** As somebody has it who follows both pages. */
const start = async () => await startNginx(asking?.text ?? '', limiting?.text ?? '');

describeIf(!missingNginx())('the configuration of nginx (apt-get install nginx)', () => {
	it('has no block that is not tried here', () => {
		expect(others.map(({ where }) => where)).toEqual([]);
	});

	it(`${asking?.where} lets deliveries through while n8n is ready, and none before`, async () => {
		nginx = await start();
		expect(await nginx.post(WEBHOOK, 'x'.repeat(15 * 1024 * 1024))).toBe(200);
		expect(nginx.backend.seen.at(-1)).toMatchObject({ url: WEBHOOK, bytes: 15 * 1024 * 1024 });
		expect(nginx.backend.seen.at(-1)?.headers).toMatchObject({ 'x-forwarded-proto': 'http' });

		nginx.backend.isReady = false;
		expect(await nginx.post(WEBHOOK, '{}')).toBeGreaterThanOrEqual(500);
		expect(nginx.backend.seen.filter(({ url }) => url === WEBHOOK)).toHaveLength(1);
	});

	it(`${limiting?.where} lets a burst through, and keeps a flood from n8n`, async () => {
		nginx = await start();
		const answers = await Promise.all(
			Array.from({ length: 600 }, async () => await nginx.post(WEBHOOK, '{}')),
		);
		const count = (status: number) => answers.filter((answer) => answer === status).length;
		expect(count(200)).toBeGreaterThan(200);
		expect(count(429)).toBeGreaterThan(0);
		expect(count(200) + count(429)).toBe(600);
		expect(nginx.backend.seen).toHaveLength(count(200));
	});

	it(`${limiting?.where} limits nothing but deliveries`, async () => {
		nginx = await start();
		const answers = await Promise.all(
			Array.from({ length: 600 }, async () => await nginx.post('/webhook/1/another', '{}')),
		);
		expect(answers.filter((answer) => answer !== 200)).toEqual([]);
	});
});
