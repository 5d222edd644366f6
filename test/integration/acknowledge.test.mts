import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import { startSimulator } from '../../simulator/index.mts';
import { deliver as send, deliverUnheard, SECRET } from './harness/deliver.mts';
import { execute, store } from './harness/executionsOf.mts';
import { TriggerHost } from './harness/triggerHost.mts';

let host: TriggerHost;
const deliver = async (id: string) => await send(host.urlOfFinished, id);
const started = () => host.executions.map(([item]) => item?.json.id);

beforeEach(async () => {
	host = await new TriggerHost({
		parameters: { events: ['session.completed'], options: { acknowledge: 'finished' } },
		credential: { signingSecret: SECRET },
	}).start();
});
afterEach(async () => await host.stop());

let running = 0;
/** Lets workflows run until the returned function says how they end. */
function holdRunning(): (hasSucceeded: boolean) => void {
	running = 0;
	let end: (hasSucceeded: boolean) => void = () => {};
	const gate = new Promise<boolean>((resolve) => (end = resolve));
	host.whileRunning = async () => {
		running++;
		return await gate;
	};
	return end;
}

describe('acknowledged when finished, an event', () => {
	it('is answered when its workflow has succeeded', async () => {
		const end = holdRunning();
		let status: number | undefined;
		void deliver('evt_1').then((answered) => (status = answered));
		await waitFor(() => expect(running).toBe(1));
		expect(status).toBeUndefined();
		end(true);
		await waitFor(() => expect(status).toBe(200));
		expect(started()).toEqual(['evt_1']);
	});

	it('whose workflow failed is answered 500, and runs again when it is delivered again', async () => {
		host.whileRunning = async () => false;
		expect([await deliver('evt_1'), await deliver('evt_1')]).toEqual([500, 500]);
		host.whileRunning = async () => true;
		expect([await deliver('evt_1'), await deliver('evt_1')]).toEqual([200, 200]);
		expect(started()).toEqual(['evt_1', 'evt_1', 'evt_1']);
	});

	it.each([
		[true, 200],
		[false, 500],
	])(
		'whose sender gave up is joined by the retry, and nothing runs twice (succeeded: %s)',
		async (hasSucceeded, status) => {
			const end = holdRunning();
			const leave = deliverUnheard(host.urlOfFinished, 'evt_1');
			await waitFor(() => expect(running).toBe(1));
			leave();
			const retries = Promise.all([deliver('evt_1'), deliver('evt_1')]);
			await waitFor(() => expect(host.requests).toBe(3));
			end(hasSucceeded);
			expect(await retries).toEqual([status, status]);
			expect(started()).toEqual(['evt_1']);
		},
	);

	it('is never recorded in the database, where a failed run would look like one that was', async () => {
		store.reset();
		const item = { json: { id: 'evt_1' } };
		expect(await execute(host, '1', [item])).toMatchObject([[item]]);
		expect(await execute(host, '2', [item])).toMatchObject([[item]]);
		expect(store.calls).toBe(0);
	});

	it('has an execution of its own, whatever the batch size', async () => {
		host.setup.parameters.options = { acknowledge: 'finished', batchSize: 10, batchWindow: 50 };
		expect(await Promise.all([deliver('evt_1'), deliver('evt_2')])).toEqual([200, 200]);
		expect(host.executions).toHaveLength(2);
	});

	it('starts its workflow each time where deduplication is off', async () => {
		host.setup.parameters.options = { acknowledge: 'finished', deduplication: 'off' };
		expect([await deliver('evt_1'), await deliver('evt_1')]).toEqual([200, 200]);
		expect(started()).toEqual(['evt_1', 'evt_1']);
	});
});

describe('the path that is not in use', () => {
	it.each([
		['received', () => host.urlOfFinished],
		['finished', () => host.url],
	])('with "%s" answers 404, and starts nothing', async (acknowledge, url) => {
		host.setup.parameters.options = { acknowledge };
		expect(await send(url(), 'evt_1')).toBe(404);
		expect(host.executions).toEqual([]);
	});
});

describe('the url that is registered', () => {
	it('is the one in use, and a change leaves nothing at the other', async () => {
		const simulator = await startSimulator();
		const { apiKey, baseUrl } = simulator;
		host.setup.credential = { apiKey, environment: 'custom', baseUrl };
		await host.publish();
		expect(simulator.webhooks().map(({ url }) => url)).toEqual([host.urlOfFinished]);
		await host.republish({ events: ['session.completed'] });
		expect(simulator.webhooks().map(({ url }) => url)).toEqual([host.url]);
		await host.unpublish();
		expect(simulator.webhooks()).toEqual([]);
		await simulator.close();
	});

	it('is in use while the editor listens as well', async () => {
		const testUrl = host.urlOfFinished.replace('/webhook/', '/webhook-test/');
		expect(await send(testUrl, 'evt_1')).toBe(200);
		expect(started()).toEqual(['evt_1']);
	});
});
