import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { fakeOnly, waitFor } from '../support/jest.mts';

import {
	deliverAndRead,
	deliver as send,
	deliverAndDisconnect,
	SECRET,
} from './harness/deliver.mts';
import { TriggerHost } from './harness/triggerHost.mts';

let host: TriggerHost;

beforeEach(async () => {
	host = await new TriggerHost({
		parameters: { events: ['session.completed'] },
		credential: { signingSecret: SECRET },
	}).start();
});
afterEach(async () => {
	jest.useRealTimers();
	await host.stop();
});
const MINUTE_MS = 60_000;

const deliver = async (id: string, url = host.url) => await send(url, id);

let storing = 0;
/** Blocks n8n while it stores an execution, until the returned function is called. */
function blockStoring(): () => void {
	storing = 0;
	let unblock = () => {};
	const blocked = new Promise<void>((resolve) => (unblock = resolve));
	host.onStore = async () => {
		storing++;
		await blocked;
	};
	return unblock;
}

const getStartedEvents = () => host.executions.map(([item]) => item?.json.id);

describe('an event that is delivered again', () => {
	it('starts no execution after n8n has accepted it, and gets 200', async () => {
		expect([await deliver('evt_1'), await deliver('evt_1')]).toEqual([200, 200]);
		expect(getStartedEvents()).toEqual(['evt_1']);
	});

	it('starts an execution if n8n did not accept it the first time', async () => {
		host.canStoreExecutions = false;
		expect(await deliver('evt_1')).toBe(500);
		host.canStoreExecutions = true;
		expect([await deliver('evt_1'), await deliver('evt_1')]).toEqual([200, 200]);
		expect(getStartedEvents()).toEqual(['evt_1']);
	});

	it('at the same time starts one execution, and all deliveries get 200', async () => {
		const unblock = blockStoring();
		const statuses = Promise.all(Array.from({ length: 10 }, async () => await deliver('evt_1')));
		await waitFor(() => expect([storing, host.requests]).toEqual([1, 10]));
		unblock();
		expect(await statuses).toEqual(new Array(10).fill(200));
		expect(getStartedEvents()).toEqual(['evt_1']);
	});

	it('at the same time gets the response to the first delivery if n8n does not accept it', async () => {
		host.canStoreExecutions = false;
		const unblock = blockStoring();
		const statuses = Promise.all([deliver('evt_1'), deliver('evt_1'), deliver('evt_1')]);
		await waitFor(() => expect([storing, host.requests]).toEqual([1, 3]));
		unblock();
		expect(await statuses).toEqual([500, 500, 500]);
		expect(host.results).toHaveLength(1);
		await waitFor(() => expect(host.log).toHaveLength(3));
		expect(host.log.map(({ metadata }) => metadata?.outcome)).toEqual(
			new Array(3).fill('not accepted'),
		);
	});

	it('gets a text in the response, whether n8n has accepted it or not', async () => {
		expect(await deliver('evt_1')).toBe(200);
		expect(await deliverAndRead(host.url, 'evt_1')).toEqual({ status: 200, text: 'OK' });
		host.canStoreExecutions = false;
		const unblock = blockStoring();
		const first = deliver('evt_2');
		await waitFor(() => expect(storing).toBe(1));
		const duplicate = deliverAndRead(host.url, 'evt_2');
		await waitFor(() => expect(host.requests).toBe(4));
		unblock();
		expect(await first).toBe(500);
		expect(await duplicate).toEqual({ status: 500, text: 'The event was not accepted' });
	});

	it('starts no execution if the first sender disconnected before n8n accepted it', async () => {
		const unblock = blockStoring();
		const disconnect = deliverAndDisconnect(host.url, 'evt_1');
		await waitFor(() => expect(storing).toBe(1));
		disconnect();
		await waitFor(() => expect(host.closedRequests).toBe(1));
		unblock();
		expect(await deliver('evt_1')).toBe(200);
		expect(getStartedEvents()).toEqual(['evt_1']);
	});

	it('starts the workflow of every node that receives it', async () => {
		const other = await new TriggerHost(host.setup).start();
		expect([await deliver('evt_1'), await deliver('evt_1', other.url)]).toEqual([200, 200]);
		expect(other.executions).toHaveLength(1);
		await other.stop();
	});

	it('starts an execution each time if deduplication is off', async () => {
		host.setup.parameters = { ...host.setup.parameters, options: { deduplication: 'off' } };
		expect([await deliver('evt_1'), await deliver('evt_1')]).toEqual([200, 200]);
		expect(getStartedEvents()).toEqual(['evt_1', 'evt_1']);
	});

	it('appears each time while the editor listens', async () => {
		expect([await deliver('evt_1', host.testUrl), await deliver('evt_1', host.testUrl)]).toEqual([
			200, 200,
		]);
		expect(getStartedEvents()).toEqual(['evt_1', 'evt_1']);
	});

	it('starts no execution if the system clock was changed', async () => {
		expect(await deliver('evt_1')).toBe(200);
		for (const hours of [-24, 24]) {
			const now = Date.now() + hours * 60 * MINUTE_MS;
			jest.useFakeTimers({ ...fakeOnly('Date'), now });
			expect([await deliver('evt_1'), await deliver('evt_2')]).toEqual([200, 200]);
		}
		expect(getStartedEvents()).toEqual(['evt_1', 'evt_2']);
	});
});

describe('an event without a response from n8n, for example because its waiting execution was deleted', () => {
	/** Delivers the event again after some minutes, and expects the total number of started executions. */
	async function expectExecutions(count: number, minutes: number, url = host.url): Promise<void> {
		jest.useFakeTimers(fakeOnly('performance'));
		blockStoring();
		const disconnectFirst = deliverAndDisconnect(url, 'evt_1');
		await waitFor(() => expect(storing).toBe(1));
		jest.advanceTimersByTime(minutes * MINUTE_MS);
		const disconnectSecond = deliverAndDisconnect(url, 'evt_1');
		await waitFor(() => expect([host.requests, storing]).toEqual([2, count]));
		// A superfluous execution would start within this time.
		await new Promise((resolve) => setTimeout(resolve, 50));
		expect(storing).toBe(count);
		disconnectFirst();
		disconnectSecond();
	}

	it('blocks its retries for half an hour', async () => {
		await expectExecutions(1, 29);
	});

	it('starts another execution after that, because the database can tell them apart', async () => {
		await expectExecutions(2, 31);
	});

	it('blocks all retries if the database is not used', async () => {
		const { parameters } = host.setup;
		host.setup.parameters = { ...parameters, options: { deduplication: 'memory' } };
		await expectExecutions(1, 102);
	});

	it('blocks all retries if the workflow may take that long', async () => {
		const { parameters } = host.setup;
		host.setup.parameters = { ...parameters, options: { acknowledge: 'finished' } };
		await expectExecutions(1, 102, host.finishedUrl);
	});
});
