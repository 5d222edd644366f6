import type { IWebhookFunctions } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { wereReceivedByOtherProcess } from '../../../nodes/MindPeekerTrigger/deduplication/databaseDeduplication.ts';
import {
	readSettings,
	relaxForTestEvent,
	type Settings,
} from '../../../nodes/MindPeekerTrigger/settings.ts';
import {
	acceptEvent,
	type DeliveryResult,
} from '../../../nodes/MindPeekerTrigger/webhook/acceptEvent.ts';
import { PENDING_TIMEOUT_MS } from '../../../nodes/shared/retrySchedule.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const createEvent = (id: string) => ({ id, type: 'session.completed', data: {} });

describe('acceptEvent', () => {
	/** Accepts events with these options, as one node of a workflow. */
	function createAcceptor(options: object) {
		const workflow = { id: randomUUID(), name: 'Events' };
		const context = {
			getWorkflow: () => workflow,
			getNode: () => ({ id: 'node-1', name: 'MindPeeker Trigger' }),
			getNodeParameter: (name: string, fallback: unknown) =>
				name === 'options' ? options : fallback,
		} as unknown as IWebhookFunctions;
		const settings = readSettings(context);
		return async (id: string, adjust = (settings: Settings) => settings) =>
			await acceptEvent(context, createEvent(id), adjust(settings));
	}

	/** The ids of the execution that a delivery starts. */
	function getIds({ execution }: DeliveryResult): unknown[] | undefined {
		return execution?.events.map(({ id }) => id);
	}

	function respond({ execution }: DeliveryResult, isAccepted: boolean): void {
		execution?.onResponded(isAccepted);
	}

	it('starts an execution for a new event, and none for its duplicate', async () => {
		const accept = createAcceptor({});
		const first = await accept('evt_1');
		expect(first.outcome).toBe('accepted');
		expect(getIds(first)).toEqual(['evt_1']);
		respond(first, true);
		expect(await accept('evt_1')).toEqual({ outcome: 'duplicate' });
	});

	it('starts another execution for a retry if the event was not accepted', async () => {
		const accept = createAcceptor({});
		respond(await accept('evt_1'), false);
		expect(getIds(await accept('evt_1'))).toEqual(['evt_1']);
	});

	it.each([
		[true, { outcome: 'duplicate' }],
		[false, { outcome: 'not accepted' }],
	])('shares the result of a pending delivery (accepted: %s)', async (isAccepted, expected) => {
		const accept = createAcceptor({});
		const first = await accept('evt_1');
		const duplicate = accept('evt_1');
		respond(first, isAccepted);
		expect(await duplicate).toEqual(expected);
	});

	it.each([
		['durable', 'starts another execution', ['evt_1']],
		['memory', 'shares the result of the first one', undefined],
	])('with "%s", a late retry of a pending delivery %s', async (deduplication, _, expected) => {
		const accept = createAcceptor({ deduplication });
		const first = await accept('evt_1');
		await jest.advanceTimersByTimeAsync(PENDING_TIMEOUT_MS);
		const retry = accept('evt_1');
		respond(first, true);
		expect(getIds(await retry)).toEqual(expected);
	});

	it.each([
		[true, { outcome: 'accepted' }],
		[false, { outcome: 'not accepted' }],
	])('shares the result of a batch (accepted: %s)', async (isAccepted, expected) => {
		const accept = createAcceptor({ batchSize: 2, batchWindow: 1_000 });
		const first = accept('evt_1');
		const second = accept('evt_2');
		expect(getIds(await first)).toEqual(['evt_1', 'evt_2']);
		respond(await first, isAccepted);
		expect(await second).toEqual(expected);
		const retry = accept('evt_2');
		await jest.advanceTimersByTimeAsync(1_000);
		expect(getIds(await retry)).toEqual(isAccepted ? undefined : ['evt_2']);
	});

	it('starts an execution of its own for a test event while a batch is open', async () => {
		const accept = createAcceptor({ batchSize: 2, batchWindow: 1_000 });
		const published = accept('evt_1');
		const test = accept('evt_test', relaxForTestEvent);
		await jest.advanceTimersByTimeAsync(1_000);
		expect(getIds(await published)).toEqual(['evt_1']);
		expect(getIds(await test)).toEqual(['evt_test']);
	});

	it('makes each event of a batch count as received by this process', async () => {
		const accept = createAcceptor({ batchSize: 2, batchWindow: 1_000 });
		const [first] = [accept('evt_1'), accept('evt_2')];
		const { execution } = await first;
		expect(wereReceivedByOtherProcess(execution!.events)).toBe(false);
	});

	it('starts an execution for every delivery if deduplication is off', async () => {
		const accept = createAcceptor({ deduplication: 'off' });
		respond(await accept('evt_1'), true);
		const second = await accept('evt_1');
		expect(getIds(second)).toEqual(['evt_1']);
		respond(second, true);
	});
});
