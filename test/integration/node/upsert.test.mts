import { beforeEach, describe, expect, it } from '@jest/globals';

import { register } from '../../support/api.mts';
import { store } from '../harness/executionsOf.mts';
import {
	calls,
	events,
	existing,
	forEachTest,
	host,
	simulator,
	takeEachUrlOnce,
	url,
} from '../harness/managing.mts';
import { textOf as text, WORKFLOW_ID } from '../harness/nodeHost.mts';
import { useCheapDigests } from '../harness/cheapDigest.mts';

useCheapDigests();

forEachTest();

describe('Create or Update', () => {
	const upsert = async (parameters = {}) =>
		(
			await host.json('webhook.upsert', {
				url,
				events,
				secretSource: 'credential',
				...parameters,
			})
		)[0];
	beforeEach(() => {
		store.reset(WORKFLOW_ID);
		host.credential = { signingSecret: 'of the credential' };
	});

	it("takes the credential's secret if the choice is blank", async () => {
		await upsert({ secretSource: '={{ null }}' });
		expect(simulator.webhooks()).toMatchObject([{ secret: 'of the credential' }]);
	});

	it('creates a webhook with the secret where there is none', async () => {
		expect(await upsert()).toMatchObject({
			url,
			events,
			active: true,
			change: 'created',
		});
		expect(simulator.webhooks()).toMatchObject([{ secret: 'of the credential' }]);
	});

	it('does nothing the next time', async () => {
		const { id } = (await upsert())!;
		const before = calls().length;
		expect(await upsert()).toMatchObject({ id, change: 'none' });
		expect(
			calls()
				.slice(before)
				.map(({ method }) => method),
		).toEqual(['GET']);
	});

	it('repairs its own: other events, paused', async () => {
		const { id } = (await upsert())!;
		simulator.pauseWebhook(String(id));
		expect(await upsert({ events: ['session.failed'] })).toMatchObject({
			id,
			active: true,
			events: ['session.failed'],
			change: 'updated',
		});
	});

	it('replaces those whose secret it cannot know, and leaves those of other urls', async () => {
		await existing();
		await existing();
		const other = await existing(`${url}0`);
		const { id, change } = (await upsert())!;
		expect(change).toBe('replaced');
		expect(
			simulator
				.webhooks()
				.map((webhook) => webhook.id)
				.sort(),
		).toEqual([other, id].sort());
	});

	it('replaces its own where another secret is asked for', async () => {
		const { id } = (await upsert())!;
		const other = await upsert({ secretSource: 'entered', secret: 'another' });
		expect(other).toMatchObject({ change: 'replaced' });
		expect(other?.id).not.toBe(id);
		expect(simulator.webhooks()).toMatchObject([{ secret: 'another' }]);
	});

	it('without a secret repairs what is there, with the secret it has', async () => {
		const first = await existing();
		const second = await existing();
		simulator.pauseWebhook(first);
		host.credential = {};
		expect(await upsert({ events: ['session.failed'] })).toMatchObject({
			id: second,
			events: ['session.failed'],
			change: 'updated',
		});
		expect(simulator.webhooks()).toMatchObject([{ id: second, secret: 'known', active: true }]);
	});

	it('without a secret refuses to create one', async () => {
		host.credential = {};
		expect(await text(upsert())).toMatch(
			/no webhook for .*, and no secret.*\| Enter a Signing Secret/,
		);
		expect(simulator.webhooks()).toEqual([]);
	});

	it('makes one webhook for a url that several items have', async () => {
		const items = Array.from({ length: 5 }, () => ({ json: {} }));
		const parameters = { url, events, secretSource: 'credential' };
		const changes = (await host.json('webhook.upsert', parameters, items)).map(
			({ change }) => change,
		);
		expect(changes).toEqual(['created', 'none', 'none', 'none', 'none']);
		expect(simulator.webhooks()).toHaveLength(1);
	});

	it('keeps no secret, only what tells it again, and nothing in static data', async () => {
		const { id } = (await upsert())!;
		const digest = expect.stringMatching(new RegExp(`^${id}:[0-9a-f]{64}(:made)?$`));
		expect(store.entries).toEqual([digest, digest]);
		expect(host.staticData).toEqual({});
	});

	it('takes no webhook for its own where an execution ended while it looked', async () => {
		await existing();
		store.isForgetting = false;
		await text(upsert());
		store.isForgetting = true;
		expect(await upsert()).toMatchObject({ change: 'replaced' });
		expect(simulator.webhooks()).toMatchObject([{ secret: 'of the credential' }]);
	});

	it('takes the same url written another way for the same', async () => {
		await upsert({ url: 'http://127.0.0.1:9' });
		expect(await upsert({ url: 'http://127.0.0.1:9/' })).toMatchObject({ change: 'none' });
	});

	it('warns where it may leave a webhook behind', async () => {
		await existing();
		simulator.faults.add({ on: 'api', method: 'DELETE', kind: 'answer', status: 403, times: 9 });
		await text(upsert());
		expect(host.log).toEqual([
			expect.stringMatching(/^MindPeeker: a webhook for .* may be left in MindPeeker: [^\n]*$/),
		]);
	});

	it('shows no secret that was entered, where the service tells it before it was sent', async () => {
		const entered = { secretSource: 'entered', secret: 'my own' };
		const body = { message: 'my own' };
		simulator.faults.add({ on: 'api', method: 'GET', kind: 'answer', status: 422, body });
		expect(await text(upsert(entered))).toMatch(/rejected the request \(422: …\)/);
	});

	it('asks n8n to remember for the node', async () => {
		await upsert();
		expect(store.options).toMatchObject({ scope: 'node', mode: 'entries' });
	});

	it('remembers a thousand webhooks, also after it has looked for another', async () => {
		const { id } = (await upsert())!;
		const others = Array.from({ length: 999 }, (_, index) => [`wh_${index}`, `wh_${index}:made`]);
		store.entries.push(...others.flat());
		const another = 'http://127.0.0.1:9/another';
		await existing(another);
		simulator.faults.add({ on: 'api', method: 'POST', kind: 'answer', status: 400 });
		expect(await text(upsert({ url: another }))).toMatch(/rejected the request/);
		expect(await upsert()).toMatchObject({ id, change: 'none' });
	});

	it('looks at no more than a hundred of those that somebody else made, and replaces all', async () => {
		for (let count = 0; count < 120; count++) await register(simulator, url, events);
		expect(await upsert()).toMatchObject({ change: 'replaced' });
		expect(store.calls).toBe(100 + 1);
		expect(simulator.webhooks()).toHaveLength(1);
	});

	it('takes no former secret for the one in force', async () => {
		host.credential = { previousSigningSecret: 'the former' };
		expect(await text(upsert())).toMatch(/no secret to create one with/);
	});

	it('leaves one webhook where two executions create at the same time', async () => {
		simulator.faults.add({ on: 'api', kind: 'slow-answer', delayMs: 200, times: 4 });
		const both = await Promise.all([upsert(), upsert()]);
		const [{ id } = {}, ...more] = simulator.webhooks();
		expect(more).toEqual([]);
		expect(both).toMatchObject([{ id }, { id }]);
	});

	it('replaces where the service takes a url only once', async () => {
		await takeEachUrlOnce();
		host.credential = { signingSecret: 'of the credential' };
		await existing();
		expect(await upsert()).toMatchObject({ change: 'replaced' });
		expect(simulator.webhooks()).toMatchObject([{ secret: 'of the credential' }]);
		expect(calls().filter(({ method }) => method === 'DELETE')).toHaveLength(1);

		await upsert({ secretSource: 'entered', secret: 'another' });
		const refuse = { on: 'api', kind: 'answer', method: 'POST', path: '/webhooks' } as const;
		simulator.faults.add({ ...refuse, status: 409, times: 1 });
		simulator.faults.add({ ...refuse, status: 500, times: 1 });
		expect(await text(upsert())).toMatch(
			/failed to process the request .* The former webhook has been removed, and there is none for .* \| Run this operation again/,
		);
		expect(await upsert()).toMatchObject({ change: 'created' });
	});
});
