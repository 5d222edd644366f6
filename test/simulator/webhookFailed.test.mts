import { describe, expect, it } from '@jest/globals';

import { ATTEMPTS } from './harness/apiDocs.mts';
import { respondWith, closeConnection } from './harness/receiver.mts';
import { sendApiRequest, createWebhook } from '../support/api.mts';
import { startReceiver, startTestSimulator, startWithWebhook } from './harness/setup.mts';

/** A webhook that always fails, and another one that receives `webhook.failed`. */
async function startWithFailingWebhook(respond = respondWith(503)) {
	const { simulator, receiver: failing, webhookId } = await startWithWebhook({ respond });
	const observer = await startReceiver();
	await createWebhook(simulator, observer.url, ['webhook.failed']);
	return { simulator, failing, webhookId, observer };
}

describe('when the last attempt has failed', () => {
	it('marks the webhook as failed', async () => {
		const { simulator, webhookId } = await startWithFailingWebhook();
		simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		const { body } = await sendApiRequest(simulator, 'GET', '/webhooks');
		expect(body.data[0]).toMatchObject({ id: webhookId, active: false, status: 'failed' });
	});

	it('does not mark the webhook earlier', async () => {
		const { simulator, webhookId } = await startWithFailingWebhook();
		const active: boolean[] = [];
		simulator.on('attempt', (_attempt, delivery) => {
			if (delivery.webhookId === webhookId) active.push(simulator.webhooks()[0]?.active === true);
		});
		simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		expect(active).toEqual(Array(ATTEMPTS).fill(true));
	});

	it('sends webhook.failed with the delivery to other webhooks', async () => {
		const { simulator, failing, webhookId, observer } = await startWithFailingWebhook();
		const { event } = simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		expect(observer.events()).toMatchObject([
			{
				type: 'webhook.failed',
				livemode: true,
				data: {
					webhook_id: webhookId,
					status: 'failed',
					event_id: event.id,
					url: failing.url,
					attempts: ATTEMPTS,
					last_status: 503,
					last_error: 'The receiver responded with 503',
				},
			},
		]);
	});

	it('sends webhook.failed without a status if there was no response', async () => {
		const { simulator, observer } = await startWithFailingWebhook(closeConnection);
		simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		expect(observer.events()[0]?.data).toMatchObject({
			last_status: null,
			last_error: expect.stringMatching(/./),
		});
	});

	it('does not send webhook.failed to the failed webhook', async () => {
		const { simulator, failing } = await startWithFailingWebhook();
		simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		expect(failing.events('webhook.failed')).toEqual([]);
	});

	it('does not send another webhook.failed if a webhook.failed fails', async () => {
		const { simulator } = await startWithWebhook({ respond: respondWith(500) });
		const second = await startReceiver(respondWith(500));
		const third = await startReceiver();
		await createWebhook(simulator, second.url, ['webhook.failed']);
		await createWebhook(simulator, third.url, ['webhook.failed']);
		simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		expect(third.events()).toHaveLength(1);
		expect(simulator.webhooks().map(({ status }) => status)).toEqual([
			'failed',
			'failed',
			'active',
		]);
	});

	it('sends one webhook.failed if many deliveries fail at the same time', async () => {
		const last: Array<() => void> = [];
		const { simulator, failing, observer } = await startWithFailingWebhook((response, { body }) => {
			const fail = () => response.writeHead(503).end();
			const attempts = failing.received.filter((received) => received.body.equals(body)).length;
			if (attempts < ATTEMPTS) return void fail();
			last.push(fail);
			if (last.length === 20) for (const failLast of last) failLast();
		});
		for (let i = 0; i < 20; i++) simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		expect(simulator.deliveries({ state: 'failed' })).toHaveLength(20);
		expect(observer.events()).toHaveLength(1);
	});
});

describe('a webhook marked as failed', () => {
	it('receives no events until PATCH activates it', async () => {
		const simulator = await startTestSimulator();
		let status = 500;
		const receiver = await startReceiver((response) => response.writeHead(status).end());
		const id = await createWebhook(simulator, receiver.url);
		simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		status = 200;
		expect(simulator.emit('session.started').deliveryIds).toEqual([]);

		const { body } = await sendApiRequest(simulator, 'PATCH', `/webhooks/${id}`, { active: true });
		expect(body).toMatchObject({ active: true, status: 'active' });
		simulator.emit('session.failed');
		await simulator.waitUntilIdle();
		const types = receiver.events().map(({ type }) => type);
		expect(types).toEqual([...Array(ATTEMPTS).fill('session.completed'), 'session.failed']);
	});

	it('stays failed if PATCH changes only its events', async () => {
		const { simulator, webhookId } = await startWithWebhook({ respond: respondWith(500) });
		simulator.emit('session.completed');
		await simulator.waitUntilIdle();
		const changes = { events: ['session.failed'] };
		const { body } = await sendApiRequest(simulator, 'PATCH', `/webhooks/${webhookId}`, changes);
		expect(body).toMatchObject({ active: false, status: 'failed', events: ['session.failed'] });
	});
});
