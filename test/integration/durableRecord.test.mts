import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import { REMEMBERED_EVENTS } from '../../nodes/MindPeekerTrigger/deduplication/recorder.ts';
import { ANSWER_TIMEOUT_MS } from '../../nodes/shared/retrySchedule.ts';
import { deliver, SECRET } from './harness/deliver.mts';
import { execute, store } from './harness/executionsOf.mts';
import { TriggerHost } from './harness/triggerHost.mts';

const item = (id: string, index = 0) => ({
	json: { id, type: 'session.completed', data: {} },
	pairedItem: { item: index },
});
const [first, second] = [item('evt_1'), item('evt_2')];
let host: TriggerHost;

beforeEach(() => {
	host = new TriggerHost({ parameters: { events: ['session.completed'] }, credential: {} });
	store.reset(host.workflowId);
});

describe('an event in an execution', () => {
	it('goes on as it came', async () => {
		expect(await execute(host, '1', [first])).toEqual([[first]]);
	});

	it('ends there where another execution has had it', async () => {
		await execute(host, '1', [first]);
		expect(await execute(host, '2', [first])).toEqual([[]]);
		expect(await execute(host, '3', [second])).toEqual([[second]]);
	});

	it('goes on where the same execution runs again after a crash', async () => {
		await execute(host, '1', [first]);
		expect(await execute(host, '1', [first])).toEqual([[first]]);
		expect(await execute(host, '2', [first])).toEqual([[]]);
	});

	it('goes on in a retry from the editor, under whichever id', async () => {
		await execute(host, '1', [first]);
		expect(await execute(host, '2', [first], 'retry')).toEqual([[first]]);
	});

	it('goes on while the editor listens, and is not recorded', async () => {
		expect(await execute(host, '1', [first], 'manual')).toEqual([[first]]);
		expect(await execute(host, '2', [first], 'manual')).toEqual([[first]]);
		expect(store.calls).toBe(0);
	});

	it('goes on where the database fails', async () => {
		store.isFailing = true;
		expect(await execute(host, '1', [first])).toEqual([[first]]);
		expect(host.log).toMatchObject([
			{
				level: 'warn',
				message: expect.stringContaining(
					': 1 events could not be recorded, and pass: database is locked [',
				),
			},
		]);
	});

	it('that ends there has a line in the log, with what it takes to find it', async () => {
		await execute(host, '1', [first]);
		await execute(host, '2', [first]);
		const metadata = {
			outcome: 'duplicate',
			eventId: 'evt_1',
			eventType: 'session.completed',
			executionId: '2',
		};
		expect(host.log).toMatchObject([{ level: 'info', metadata }]);
	});

	it('that stands twice among the items goes on once', async () => {
		const items = [first, item('evt_1', 1), item('evt_2', 2)];
		expect(await execute(host, '1', items)).toEqual([[first, item('evt_2', 2)]]);
	});

	it.each(['memory', 'off'])(
		'is not recorded where deduplication is "%s"',
		async (deduplication) => {
			host.setup.parameters = { ...host.setup.parameters, options: { deduplication } };
			await execute(host, '1', [first]);
			expect(await execute(host, '2', [first])).toEqual([[first]]);
			expect(store.calls).toBe(0);
		},
	);
});

describe('an event whose delivery waits for its answer', () => {
	let release = () => {};
	let answered: Promise<number>;

	beforeEach(async () => {
		host.setup.credential = { signingSecret: SECRET };
		await host.start();
		const gate = new Promise<void>((resolve) => (release = resolve));
		host.whileStoring = async () => await gate;
		answered = deliver(host.url, 'evt_1');
		await waitFor(() => expect(host.brought).toHaveLength(1));
	});
	afterEach(async () => {
		release();
		await host.stop();
	});

	it('is recorded once that is given, so that a crash before is repaired by the retry', async () => {
		const execution = execute(host, '1', host.brought[0]!);
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect(store.calls).toBe(0);
		release();
		expect(await answered).toBe(200);
		expect(await execution).toMatchObject([host.brought[0]]);
		// What this process received itself is recorded this once.
		await new Promise((resolve) => setTimeout(resolve, 600));
		expect(store.calls).toBe(1);
	});

	it('does not hold up an execution of the same event from before a restart', async () => {
		const before = Date.now();
		expect(await execute(host, '1', [structuredClone(first)])).toEqual([[first]]);
		expect(Date.now() - before).toBeLessThan(ANSWER_TIMEOUT_MS);
		release();
		expect(await execute(host, '2', host.brought[0]!)).toEqual([[]]);
	});
});

describe('an event that another process received, as in queue mode', () => {
	// What another worker does that had read the store before: it writes it back as it was.
	const takeAway = () => (store.entries = []);
	const recorded = () => store.entries.filter((entry) => String(entry).endsWith('|'));

	it('is recorded again where another worker took its record away', async () => {
		await execute(host, '1', [first]);
		takeAway();
		await waitFor(async () => expect(await recorded()).toEqual(['evt_1|']));
		takeAway();
		await waitFor(async () => expect(await recorded()).toEqual(['evt_1|']));
	});

	it('is recorded again together with the next one', async () => {
		await execute(host, '1', [first]);
		takeAway();
		await execute(host, '2', [second]);
		expect(recorded()).toEqual(['evt_2|', 'evt_1|']);
	});

	it('ends at the same worker while its record is away, and goes on where its execution runs again', async () => {
		await execute(host, '1', [first]);
		takeAway();
		expect(await execute(host, '2', [first])).toEqual([[]]);
		takeAway();
		expect(await execute(host, '1', [first])).toEqual([[first]]);
	});

	it('is recorded later where the database refused it, and its copy ends', async () => {
		store.isFailing = true;
		expect(await execute(host, '1', [first])).toEqual([[first]]);
		store.isFailing = false;
		expect(await execute(host, '2', [first])).toEqual([[]]);
		expect(recorded()).toEqual(['evt_1|']);
	});
});

describe('a burst of executions', () => {
	it('keeps every record, with few calls, and lets one of two copies on', async () => {
		const ids = Array.from({ length: 200 }, (_, index) => `evt_${index % 100}`);
		const outputs = await Promise.all(
			ids.map(async (id, index) => await execute(host, String(index), [item(id)])),
		);
		expect(outputs.filter(([items]) => items?.length === 1)).toHaveLength(100);
		expect(store.entries.filter((entry) => String(entry).endsWith('|'))).toHaveLength(100);
		expect(store.calls).toBeLessThan(20);
	});

	it('longer than the memory drops the oldest records and nothing else', async () => {
		for (let index = 0; index <= REMEMBERED_EVENTS; index += 100) {
			const batch = Array.from({ length: 100 }, (_, offset) => item(`evt_${index + offset}`));
			await execute(host, String(index), batch);
		}
		expect(await execute(host, 'late', [item(`evt_${REMEMBERED_EVENTS}`)])).toEqual([[]]);
		expect(await execute(host, 'late', [item('evt_0')])).toHaveProperty('0.0.json.id', 'evt_0');
	});
});
