import { beforeEach, describe, expect, it } from '@jest/globals';

import { createWebhook } from '../../support/api.mts';
import { store } from '../harness/deduplicationStore.mts';
import {
	getRequests,
	events,
	addWebhook,
	setUpEachTest,
	host,
	simulator,
	useUniqueUrls,
	url,
} from '../harness/nodeSetup.mts';
import { getErrorText, WORKFLOW_ID } from '../harness/nodeHost.mts';
import { useFastScrypt } from '../harness/fastScrypt.mts';

useFastScrypt();

setUpEachTest();

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

	it("uses the credential's secret if the parameter is blank", async () => {
		await upsert({ secretSource: '={{ null }}' });
		expect(simulator.webhooks()).toMatchObject([{ secret: 'of the credential' }]);
	});

	it('creates a webhook with the secret if none exists', async () => {
		expect(await upsert()).toMatchObject({
			url,
			events,
			active: true,
			change: 'created',
		});
		expect(simulator.webhooks()).toMatchObject([{ secret: 'of the credential' }]);
	});

	it('changes nothing the next time', async () => {
		const { id } = (await upsert())!;
		const before = getRequests().length;
		expect(await upsert()).toMatchObject({ id, change: 'none' });
		expect(
			getRequests()
				.slice(before)
				.map(({ method }) => method),
		).toEqual(['GET']);
	});

	it('updates the events of its webhook, and resumes it', async () => {
		const { id } = (await upsert())!;
		simulator.pauseWebhook(String(id));
		expect(await upsert({ events: ['session.failed'] })).toMatchObject({
			id,
			active: true,
			events: ['session.failed'],
			change: 'updated',
		});
	});

	it('replaces webhooks with an unknown secret, but not those of other URLs', async () => {
		await addWebhook();
		await addWebhook();
		const other = await addWebhook(`${url}0`);
		const { id, change } = (await upsert())!;
		expect(change).toBe('replaced');
		expect(
			simulator
				.webhooks()
				.map((webhook) => webhook.id)
				.sort(),
		).toEqual([other, id].sort());
	});

	it('replaces its webhook if the secret has changed', async () => {
		const { id } = (await upsert())!;
		const other = await upsert({ secretSource: 'entered', secret: 'another' });
		expect(other).toMatchObject({ change: 'replaced' });
		expect(other?.id).not.toBe(id);
		expect(simulator.webhooks()).toMatchObject([{ secret: 'another' }]);
	});

	it('without a secret, updates an existing webhook and keeps its secret', async () => {
		const first = await addWebhook();
		const second = await addWebhook();
		simulator.pauseWebhook(first);
		host.credential = {};
		expect(await upsert({ events: ['session.failed'] })).toMatchObject({
			id: second,
			events: ['session.failed'],
			change: 'updated',
		});
		expect(simulator.webhooks()).toMatchObject([{ id: second, secret: 'known', active: true }]);
	});

	it('without a secret, creates no webhook', async () => {
		host.credential = {};
		expect(await getErrorText(upsert())).toMatch(
			/no webhook for .*, and no secret.*\| Enter a Signing Secret/,
		);
		expect(simulator.webhooks()).toEqual([]);
	});

	it('creates one webhook if several items have the same URL', async () => {
		const items = Array.from({ length: 5 }, () => ({ json: {} }));
		const parameters = { url, events, secretSource: 'credential' };
		const changes = (await host.json('webhook.upsert', parameters, items)).map(
			({ change }) => change,
		);
		expect(changes).toEqual(['created', 'none', 'none', 'none', 'none']);
		expect(simulator.webhooks()).toHaveLength(1);
	});

	it('stores only a digest of the secret, and no static data', async () => {
		const { id } = (await upsert())!;
		const digest = expect.stringMatching(new RegExp(`^${id}:[0-9a-f]{64}(:made)?$`));
		expect(store.entries).toEqual([digest, digest]);
		expect(host.staticData).toEqual({});
	});

	it('does not accept a webhook after an interrupted lookup', async () => {
		await addWebhook();
		store.canRemove = false;
		await getErrorText(upsert());
		store.canRemove = true;
		expect(await upsert()).toMatchObject({ change: 'replaced' });
		expect(simulator.webhooks()).toMatchObject([{ secret: 'of the credential' }]);
	});

	it('treats different notations of a URL as the same URL', async () => {
		await upsert({ url: 'http://127.0.0.1:9' });
		expect(await upsert({ url: 'http://127.0.0.1:9/' })).toMatchObject({ change: 'none' });
	});

	it('logs a warning if it may leave a webhook behind', async () => {
		await addWebhook();
		simulator.faults.add({ on: 'api', method: 'DELETE', kind: 'response', status: 403, times: 9 });
		await getErrorText(upsert());
		expect(host.log).toEqual([
			expect.stringMatching(/^MindPeeker: a webhook for .* may be left in MindPeeker: [^\n]*$/),
		]);
	});

	it('removes an entered secret from error messages', async () => {
		const entered = { secretSource: 'entered', secret: 'my own' };
		const body = { message: 'my own' };
		simulator.faults.add({ on: 'api', method: 'GET', kind: 'response', status: 422, body });
		expect(await getErrorText(upsert(entered))).toMatch(/rejected the request \(422: …\)/);
	});

	it('stores entries in the scope of the node', async () => {
		await upsert();
		expect(store.options).toMatchObject({ scope: 'node', mode: 'entries' });
	});

	it('stores a thousand webhooks, and a lookup removes none of them', async () => {
		const { id } = (await upsert())!;
		const otherEntries = Array.from({ length: 999 }, (_, index) => [
			`wh_${index}`,
			`wh_${index}:made`,
		]);
		store.entries.push(...otherEntries.flat());
		const another = 'http://127.0.0.1:9/another';
		await addWebhook(another);
		simulator.faults.add({ on: 'api', method: 'POST', kind: 'response', status: 400 });
		expect(await getErrorText(upsert({ url: another }))).toMatch(/rejected the request/);
		expect(await upsert()).toMatchObject({ id, change: 'none' });
	});

	it('looks up at most a hundred other webhooks, and replaces all', async () => {
		for (let count = 0; count < 120; count++) await createWebhook(simulator, url, events);
		expect(await upsert()).toMatchObject({ change: 'replaced' });
		expect(store.calls).toBe(100 + 1);
		expect(simulator.webhooks()).toHaveLength(1);
	});

	it('does not use the previous secret', async () => {
		host.credential = { previousSigningSecret: 'the previous secret' };
		expect(await getErrorText(upsert())).toMatch(/no secret to create one with/);
	});

	it('leaves one webhook if two executions create one at the same time', async () => {
		simulator.faults.add({ on: 'api', kind: 'slow-response', delayMs: 200, times: 4 });
		const both = await Promise.all([upsert(), upsert()]);
		const [{ id } = {}, ...more] = simulator.webhooks();
		expect(more).toEqual([]);
		expect(both).toMatchObject([{ id }, { id }]);
	});

	it('replaces a webhook if the API accepts one per URL', async () => {
		await useUniqueUrls();
		host.credential = { signingSecret: 'of the credential' };
		await addWebhook();
		expect(await upsert()).toMatchObject({ change: 'replaced' });
		expect(simulator.webhooks()).toMatchObject([{ secret: 'of the credential' }]);
		expect(getRequests().filter(({ method }) => method === 'DELETE')).toHaveLength(1);

		await upsert({ secretSource: 'entered', secret: 'another' });
		const fault = { on: 'api', kind: 'response', method: 'POST', path: '/webhooks' } as const;
		simulator.faults.add({ ...fault, status: 409, times: 1 });
		simulator.faults.add({ ...fault, status: 500, times: 1 });
		expect(await getErrorText(upsert())).toMatch(
			/failed to process the request .* The previous webhook was removed, so .* has no webhook now .*\| Run this operation again/,
		);
		expect(await upsert()).toMatchObject({ change: 'created' });
	});
});
