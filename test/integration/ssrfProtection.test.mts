import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../../simulator/index.mts';
import { NodeHost, getErrorText } from './harness/nodeHost.mts';
import { TriggerHost } from './harness/triggerHost.mts';

const here = createRequire(import.meta.url);
const inN8nCore = createRequire(here.resolve('n8n-core'));

/** The settings of n8n that the tests change. */
interface SsrfConfig {
	enabled: boolean;
	blockedHostnames: string[];
}

let simulator: Simulator;
let config: SsrfConfig;

beforeAll(async () => {
	const { Container } = inN8nCore('@n8n/di') as {
		Container: { get: (type: unknown) => SsrfConfig };
	};
	const { SsrfProtectionConfig } = inN8nCore('@n8n/config') as { SsrfProtectionConfig: unknown };
	config = Container.get(SsrfProtectionConfig);
	config.enabled = true;
	// Before the first request, because n8n reads the setting then.
	config.blockedHostnames = ['mindpeeker.localhost'];
	simulator = await startSimulator();
});
afterAll(async () => {
	config.enabled = false;
	await simulator.close();
});

const ADDRESS =
	/could not be reached at (127\.0\.0\.1|localhost):\d+: n8n's SSRF protection blocks this address\..*N8N_SSRF_ALLOWED_IP_RANGES/;
const NAME =
	/could not be reached at mindpeeker\.localhost:\d+: n8n's SSRF protection blocks this host name\..*N8N_SSRF_BLOCKED_HOSTNAMES/;

describe("an error of n8n's SSRF protection names the setting", () => {
	it.each([
		['127.0.0.1', ADDRESS],
		['localhost', ADDRESS],
		['mindpeeker.localhost', NAME],
	])('for %s', async (name, expected) => {
		const baseUrl = simulator.baseUrl.replace('127.0.0.1', name);
		const { apiKey } = simulator;
		const trigger = new TriggerHost({
			parameters: { events: ['session.completed'] },
			credential: { apiKey, environment: 'custom', baseUrl },
		});
		expect(await getErrorText((await trigger.start()).publish())).toMatch(expected);
		await trigger.stop();

		const host = new NodeHost(simulator);
		host.credential = { baseUrl };
		const session = { sessionType: 'dowsing', target: 'A well' };
		expect(await getErrorText(host.run('session.create', session))).toMatch(expected);
		expect(simulator.requests()).toEqual([]);
	});
});
