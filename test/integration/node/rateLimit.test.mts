import { afterEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { byId, NodeHost } from '../harness/nodeHost.mts';

let simulator: Simulator;
let host: NodeHost;

afterEach(async () => await simulator.close());

const statuses = () => simulator.requests().map(({ status }) => status);

describe('hundreds of requests', () => {
	it('all succeed despite a rate limit', async () => {
		simulator = await startSimulator({ requestsPerMinute: 100, rateLimitWindowMs: 1_000 });
		host = new NodeHost(simulator);
		const created = await host.json('webhook.create', {
			url: 'http://127.0.0.1:9/',
			events: ['session.completed'],
			secretSource: 'generate',
			active: true,
		});
		const items = Array.from({ length: 300 }, (_, index) => ({
			json: { on: index % 2 === 0 },
		}));
		const parameters = {
			webhook: byId(String(created[0]?.id)),
			updateFields: { active: '={{ $json.on }}' },
		};
		// Ensures some rejected requests on slow machines, too.
		const fault = { kind: 'response', status: 429, retryAfter: 1, times: 20 } as const;
		simulator.faults.add({ on: 'api', method: 'PATCH', ...fault });
		const output = await host.json('webhook.update', parameters, items);
		expect(output.map(({ active }) => active)).toEqual(items.map(({ json }) => json.on));
		expect(statuses().filter((status) => status === 429).length).toBeGreaterThanOrEqual(20);
	});

	it('all succeed with a limit of a few per second, with fewer rejected requests than items', async () => {
		simulator = await startSimulator({ requestsPerMinute: 20, rateLimitWindowMs: 1_000 });
		host = new NodeHost(simulator);
		const items = Array.from({ length: 200 }, () => ({ json: {} }));
		expect(await host.json('account.get', {}, items)).toHaveLength(200);
		const rejected = statuses().filter((status) => status === 429).length;
		expect(rejected).toBeGreaterThan(0);
		expect(rejected).toBeLessThan(items.length);
	});
});
