import { afterEach, beforeEach, expect, it } from '@jest/globals';

import { describeIf } from '../support/jest.mts';
import { startCaddy } from '../../dev/testEnvironment/caddy.mts';
import { findMissingProgram } from '../../dev/testEnvironment/documentedPrograms.mts';
import type { DocumentedProxy } from '../../dev/testEnvironment/documentedProxy.mts';
import { findCodeBlocks } from './harness/pages.mts';

const WEBHOOK = '/webhook/1/mindpeeker';
const [block, ...others] = findCodeBlocks('caddy');
let caddy: DocumentedProxy;

describeIf(!findMissingProgram('caddy'))('the Caddyfile (apt-get install caddy)', () => {
	beforeEach(async () => void (caddy = await startCaddy(block?.text ?? '')));
	afterEach(async () => await caddy?.stop());

	it('is one block', () => {
		expect(others.map(({ location }) => location)).toEqual([]);
	});

	it(`${block?.location} forwards deliveries only while n8n is ready`, async () => {
		expect(await caddy.post(WEBHOOK, 'x'.repeat(15 * 1024 * 1024))).toBe(200);
		expect(caddy.backend.seen).toMatchObject([{ url: WEBHOOK, bytes: 15 * 1024 * 1024 }]);

		caddy.backend.isReady = false;
		expect(await caddy.post(WEBHOOK, '{}')).toBeGreaterThanOrEqual(500);
		expect(caddy.backend.seen).toHaveLength(1);
	});

	it(`${block?.location} replaces an address that the sender claims to have`, async () => {
		await caddy.post(WEBHOOK, '{}', { 'X-Forwarded-For': '52.52.52.52' });
		const headers = { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' };
		expect(caddy.backend.seen).toMatchObject([{ headers }]);
	});
});
