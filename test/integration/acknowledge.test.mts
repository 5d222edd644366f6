import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import { startSimulator } from '../../simulator/index.mts';
import { deliver as send, deliverAndDisconnect, SECRET } from './harness/deliver.mts';
import { executeTrigger, store } from './harness/deduplicationStore.mts';
import { TriggerHost } from './harness/triggerHost.mts';

let host: TriggerHost;
const deliver = async (id: string) => await send(host.finishedUrl, id);
const getStartedIds = () => host.executions.map(([item]) => item?.json.id);

beforeEach(async () => {
	host = await new TriggerHost({
		parameters: { events: ['session.completed'], options: { acknowledge: 'finished' } },
		credential: { signingSecret: SECRET },
	}).start();
});
afterEach(async () => await host.stop());

let running = 0;
/** Pauses running workflows. The returned function ends them. */
function pauseWorkflows(): (hasSucceeded: boolean) => void {
	running = 0;
	let end: (hasSucceeded: boolean) => void = () => {};
	const gate = new Promise<boolean>((resolve) => (end = resolve));
	host.onRun = async () => {
		running++;
		return await gate;
	};
	return end;
}

describe('with Acknowledge: When Finished, an event', () => {
	it('gets its response after its workflow has succeeded', async () => {
		const end = pauseWorkflows();
		let status: number | undefined;
		void deliver('evt_1').then((received) => (status = received));
		await waitFor(() => expect(running).toBe(1));
		expect(status).toBeUndefined();
		end(true);
		await waitFor(() => expect(status).toBe(200));
		expect(getStartedIds()).toEqual(['evt_1']);
	});

	it('whose workflow fails gets 500, and its retry starts another execution', async () => {
		host.onRun = async () => false;
		expect([await deliver('evt_1'), await deliver('evt_1')]).toEqual([500, 500]);
		host.onRun = async () => true;
		expect([await deliver('evt_1'), await deliver('evt_1')]).toEqual([200, 200]);
		expect(getStartedIds()).toEqual(['evt_1', 'evt_1', 'evt_1']);
	});

	it.each([
		[true, 200],
		[false, 500],
	])(
		'whose sender timed out shares its result with the retries (succeeded: %s)',
		async (hasSucceeded, status) => {
			const end = pauseWorkflows();
			const leave = deliverAndDisconnect(host.finishedUrl, 'evt_1');
			await waitFor(() => expect(running).toBe(1));
			leave();
			const retries = Promise.all([deliver('evt_1'), deliver('evt_1')]);
			await waitFor(() => expect(host.requests).toBe(3));
			end(hasSucceeded);
			expect(await retries).toEqual([status, status]);
			expect(getStartedIds()).toEqual(['evt_1']);
		},
	);

	it('is not recorded in the database, so that a retry can run again', async () => {
		store.reset();
		const item = { json: { id: 'evt_1' } };
		expect(await executeTrigger(host, '1', [item])).toMatchObject([[item]]);
		expect(await executeTrigger(host, '2', [item])).toMatchObject([[item]]);
		expect(store.calls).toBe(0);
	});

	it('is never batched', async () => {
		host.setup.parameters.options = { acknowledge: 'finished', batchSize: 10, batchWindow: 50 };
		expect(await Promise.all([deliver('evt_1'), deliver('evt_2')])).toEqual([200, 200]);
		expect(host.executions).toHaveLength(2);
	});

	it('starts its workflow each time if deduplication is off', async () => {
		host.setup.parameters.options = { acknowledge: 'finished', deduplication: 'off' };
		expect([await deliver('evt_1'), await deliver('evt_1')]).toEqual([200, 200]);
		expect(getStartedIds()).toEqual(['evt_1', 'evt_1']);
	});
});

describe('the path of the other choice', () => {
	it.each([
		['received', () => host.finishedUrl],
		['finished', () => host.url],
	])('with "%s" responds with 404 and starts no execution', async (acknowledge, url) => {
		host.setup.parameters.options = { acknowledge };
		expect(await send(url(), 'evt_1')).toBe(404);
		expect(host.executions).toEqual([]);
	});
});

describe('the registered URL', () => {
	it('belongs to the current choice. A change removes the webhook of the other URL', async () => {
		const simulator = await startSimulator();
		const { apiKey, baseUrl } = simulator;
		host.setup.credential = { apiKey, environment: 'custom', baseUrl };
		await host.publish();
		expect(simulator.webhooks().map(({ url }) => url)).toEqual([host.finishedUrl]);
		await host.republish({ events: ['session.completed'] });
		expect(simulator.webhooks().map(({ url }) => url)).toEqual([host.url]);
		await host.unpublish();
		expect(simulator.webhooks()).toEqual([]);
		await simulator.close();
	});

	it('also receives test events', async () => {
		const testUrl = host.finishedUrl.replace('/webhook/', '/webhook-test/');
		expect(await send(testUrl, 'evt_1')).toBe(200);
		expect(getStartedIds()).toEqual(['evt_1']);
	});
});
