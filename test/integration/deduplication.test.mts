import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { fakeOnly, waitFor } from '../support/jest.mts';

import { answerTo, deliver as send, deliverUnheard, SECRET } from './harness/deliver.mts';
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
/** Lets n8n take its time until the returned function is called. */
function holdStoring(): () => void {
	storing = 0;
	let go = () => {};
	const gate = new Promise<void>((resolve) => (go = resolve));
	host.whileStoring = async () => {
		storing++;
		await gate;
	};
	return go;
}

const started = () => host.executions.map(([item]) => item?.json.id);

describe('an event that is delivered again', () => {
	it('starts nothing after n8n has taken it, and is answered 200', async () => {
		expect([await deliver('evt_1'), await deliver('evt_1')]).toEqual([200, 200]);
		expect(started()).toEqual(['evt_1']);
	});

	it('starts the workflow where n8n did not take it the first time', async () => {
		host.canStore = false;
		expect(await deliver('evt_1')).toBe(500);
		host.canStore = true;
		expect([await deliver('evt_1'), await deliver('evt_1')]).toEqual([200, 200]);
		expect(started()).toEqual(['evt_1']);
	});

	it('at the same time starts one execution, and all are answered 200', async () => {
		const go = holdStoring();
		const answers = Promise.all(Array.from({ length: 10 }, async () => await deliver('evt_1')));
		await waitFor(() => expect([storing, host.requests]).toEqual([1, 10]));
		go();
		expect(await answers).toEqual(new Array(10).fill(200));
		expect(started()).toEqual(['evt_1']);
	});

	it('at the same time shares the fate of the first where n8n cannot take it', async () => {
		host.canStore = false;
		const go = holdStoring();
		const answers = Promise.all([deliver('evt_1'), deliver('evt_1'), deliver('evt_1')]);
		await waitFor(() => expect([storing, host.requests]).toEqual([1, 3]));
		go();
		expect(await answers).toEqual([500, 500, 500]);
		expect(host.brought).toHaveLength(1);
		await waitFor(() => expect(host.log).toHaveLength(3));
		expect(host.log.map(({ metadata }) => metadata?.outcome)).toEqual(
			new Array(3).fill('not taken'),
		);
	});

	it('is answered in words, whether n8n has it or could not take it', async () => {
		expect(await deliver('evt_1')).toBe(200);
		expect(await answerTo(host.url, 'evt_1')).toEqual({ status: 200, text: 'OK' });
		host.canStore = false;
		const go = holdStoring();
		const first = deliver('evt_2');
		await waitFor(() => expect(storing).toBe(1));
		const copy = answerTo(host.url, 'evt_2');
		await waitFor(() => expect(host.requests).toBe(4));
		go();
		expect(await first).toBe(500);
		expect(await copy).toEqual({ status: 500, text: 'The event was not taken' });
	});

	it('starts nothing where the first sender has gone before n8n had taken it', async () => {
		const go = holdStoring();
		const leave = deliverUnheard(host.url, 'evt_1');
		await waitFor(() => expect(storing).toBe(1));
		leave();
		await waitFor(() => expect(host.closed).toBe(1));
		go();
		expect(await deliver('evt_1')).toBe(200);
		expect(started()).toEqual(['evt_1']);
	});

	it('starts the workflow of each node that it is delivered to', async () => {
		const other = await new TriggerHost(host.setup).start();
		expect([await deliver('evt_1'), await deliver('evt_1', other.url)]).toEqual([200, 200]);
		expect(other.executions).toHaveLength(1);
		await other.stop();
	});

	it('starts the workflow each time where deduplication is off', async () => {
		host.setup.parameters = { ...host.setup.parameters, options: { deduplication: 'off' } };
		expect([await deliver('evt_1'), await deliver('evt_1')]).toEqual([200, 200]);
		expect(started()).toEqual(['evt_1', 'evt_1']);
	});

	it('is shown each time while the editor listens', async () => {
		expect([await deliver('evt_1', host.testUrl), await deliver('evt_1', host.testUrl)]).toEqual([
			200, 200,
		]);
		expect(started()).toEqual(['evt_1', 'evt_1']);
	});

	it('starts nothing where the clock of the machine was set meanwhile', async () => {
		expect(await deliver('evt_1')).toBe(200);
		for (const hours of [-24, 24]) {
			const now = Date.now() + hours * 60 * MINUTE_MS;
			jest.useFakeTimers({ ...fakeOnly('Date'), now });
			expect([await deliver('evt_1'), await deliver('evt_2')]).toEqual([200, 200]);
		}
		expect(started()).toEqual(['evt_1', 'evt_2']);
	});
});

describe('an event that n8n never answers, as where its waiting execution was deleted', () => {
	/** Brings it again after so many minutes, and expects that it is brought into n8n so often in all. */
	async function expectBrought(times: number, minutes: number, url = host.url): Promise<void> {
		jest.useFakeTimers(fakeOnly('performance'));
		holdStoring();
		const leaveFirst = deliverUnheard(url, 'evt_1');
		await waitFor(() => expect(storing).toBe(1));
		jest.advanceTimersByTime(minutes * MINUTE_MS);
		const leaveSecond = deliverUnheard(url, 'evt_1');
		await waitFor(() => expect([host.requests, storing]).toEqual([2, times]));
		// One that is brought too often is there a moment later.
		await new Promise((resolve) => setTimeout(resolve, 50));
		expect(storing).toBe(times);
		leaveFirst();
		leaveSecond();
	}

	it('is waited for by the retries of half an hour', async () => {
		await expectBrought(1, 29);
	});

	it('is brought anew after that, for the database tells the two apart should both run', async () => {
		await expectBrought(2, 31);
	});

	it('is waited for by all retries where the database remembers nothing', async () => {
		const { parameters } = host.setup;
		host.setup.parameters = { ...parameters, options: { deduplication: 'memory' } };
		await expectBrought(1, 102);
	});

	it('is waited for by all retries where a run may take that long', async () => {
		const { parameters } = host.setup;
		host.setup.parameters = { ...parameters, options: { acknowledge: 'finished' } };
		await expectBrought(1, 102, host.urlOfFinished);
	});
});
