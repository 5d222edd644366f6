import { describe, expect, it } from '@jest/globals';

import { answering, cutting } from './harness/receiver.mts';
import { callApi, register } from '../support/api.mts';
import { receive, simulate, stage } from './harness/world.mts';

/** A webhook that always fails, beside one that is told of it. */
async function failingStage(answer = answering(503)) {
	const { simulator, receiver: failing, webhookId } = await stage({ answer });
	const told = await receive();
	await register(simulator, told.url, ['webhook.failed']);
	return { simulator, failing, webhookId, told };
}

describe('when the seventh attempt has failed', () => {
	it('the webhook is marked as failed', async () => {
		const { simulator, webhookId } = await failingStage();
		simulator.emit('session.completed');
		await simulator.idle();
		const { body } = await callApi(simulator, 'GET', '/webhooks');
		expect(body.data[0]).toMatchObject({ id: webhookId, active: false, status: 'failed' });
	});

	it('it is not marked before', async () => {
		const { simulator, webhookId } = await failingStage();
		const active: boolean[] = [];
		simulator.on('attempt', (_attempt, delivery) => {
			if (delivery.webhookId === webhookId) active.push(simulator.webhooks()[0]?.active === true);
		});
		simulator.emit('session.completed');
		await simulator.idle();
		expect(active).toEqual(Array(7).fill(true));
	});

	it('webhook.failed tells the others which delivery it was', async () => {
		const { simulator, failing, webhookId, told } = await failingStage();
		const { event } = simulator.emit('session.completed');
		await simulator.idle();
		expect(told.events()).toMatchObject([
			{
				type: 'webhook.failed',
				livemode: true,
				data: {
					webhook_id: webhookId,
					status: 'failed',
					event_id: event.id,
					url: failing.url,
					attempts: 7,
					last_status: 503,
					last_error: 'The receiver answered 503',
				},
			},
		]);
	});

	it('webhook.failed has no status where no answer came', async () => {
		const { simulator, told } = await failingStage(cutting);
		simulator.emit('session.completed');
		await simulator.idle();
		expect(told.events()[0]?.data).toMatchObject({
			last_status: null,
			last_error: expect.stringMatching(/./),
		});
	});

	it('webhook.failed does not go to the webhook it is about', async () => {
		const { simulator, failing } = await failingStage();
		simulator.emit('session.completed');
		await simulator.idle();
		expect(failing.events('webhook.failed')).toEqual([]);
	});

	it('of a webhook.failed, no further one follows', async () => {
		const { simulator } = await stage({ answer: answering(500) });
		const second = await receive(answering(500));
		const third = await receive();
		await register(simulator, second.url, ['webhook.failed']);
		await register(simulator, third.url, ['webhook.failed']);
		simulator.emit('session.completed');
		await simulator.idle();
		expect(third.events()).toHaveLength(1);
		expect(simulator.webhooks().map(({ status }) => status)).toEqual([
			'failed',
			'failed',
			'active',
		]);
	});

	it('of many deliveries at once, one event reports the webhook', async () => {
		const last: Array<() => void> = [];
		const { simulator, failing, told } = await failingStage((response, { body }) => {
			const refuse = () => response.writeHead(503).end();
			const attempts = failing.received.filter((received) => received.body.equals(body)).length;
			if (attempts < 7) return void refuse();
			last.push(refuse);
			if (last.length === 20) for (const refuseLast of last) refuseLast();
		});
		for (let i = 0; i < 20; i++) simulator.emit('session.completed');
		await simulator.idle();
		expect(simulator.deliveries({ state: 'givenUp' })).toHaveLength(20);
		expect(told.events()).toHaveLength(1);
	});
});

describe('a webhook marked as failed', () => {
	it('gets nothing until PATCH activates it again', async () => {
		const simulator = await simulate();
		let status = 500;
		const receiver = await receive((response) => response.writeHead(status).end());
		const id = await register(simulator, receiver.url);
		simulator.emit('session.completed');
		await simulator.idle();
		status = 200;
		expect(simulator.emit('session.started').deliveryIds).toEqual([]);

		const { body } = await callApi(simulator, 'PATCH', `/webhooks/${id}`, { active: true });
		expect(body).toMatchObject({ active: true, status: 'active' });
		simulator.emit('session.failed');
		await simulator.idle();
		const types = receiver.events().map(({ type }) => type);
		expect(types).toEqual([...Array(7).fill('session.completed'), 'session.failed']);
	});

	it('stays so where PATCH changes its events alone', async () => {
		const { simulator, webhookId } = await stage({ answer: answering(500) });
		simulator.emit('session.completed');
		await simulator.idle();
		const changes = { events: ['session.failed'] };
		const { body } = await callApi(simulator, 'PATCH', `/webhooks/${webhookId}`, changes);
		expect(body).toMatchObject({ active: false, status: 'failed', events: ['session.failed'] });
	});
});
