import { describe, expect, it } from '@jest/globals';

import { EVENT_TYPES } from '../../../nodes/shared/events/eventTypes.ts';
import {
	getRequests,
	createWebhook,
	events,
	setUpEachTest,
	host,
	simulator,
	url,
} from '../harness/nodeSetup.mts';
import { getErrorText } from '../harness/nodeHost.mts';

setUpEachTest();

describe('Create', () => {
	it('creates a webhook with a secret of 32 random bytes, and returns the secret', async () => {
		const [created] = await createWebhook({ secretSource: 'generate' });
		expect(created).toMatchObject({ url, events, active: true });
		expect(created?.secret).toMatch(/^[0-9a-f]{64}$/);
		expect(simulator.webhooks()).toMatchObject([{ id: created?.id, secret: created?.secret }]);
		expect(getRequests()).toMatchObject([{ method: 'POST', path: '/v1/webhooks' }]);
	});

	it('uses an entered secret or the secret of the credential, and does not return it', async () => {
		host.credential = { signingSecret: 'of the credential' };
		const [entered] = await createWebhook({ secretSource: 'entered', secret: 'of the node' });
		const [known] = await createWebhook({ secretSource: 'credential' });
		expect(JSON.stringify([entered, known])).not.toContain('of the');
		expect(simulator.webhooks().map(({ secret }) => secret)).toEqual([
			'of the node',
			'of the credential',
		]);
	});

	it('can create a paused webhook', async () => {
		expect(await createWebhook({ active: false, secretSource: 'generate' })).toMatchObject([
			{ active: false },
		]);
	});

	it('registers all event types for "*", and accepts a text with commas', async () => {
		await createWebhook({ events: ['*'], secretSource: 'generate' });
		await createWebhook({ events: 'session.completed, session.failed', secretSource: 'generate' });
		expect(simulator.webhooks().map(({ events }) => events)).toEqual([
			EVENT_TYPES.map(({ type }) => type),
			events,
		]);
	});

	it.each<[string, object, RegExp]>([
		['no URL', { url: ' ' }, /^URL is empty \[item 0\] \| Enter/],
		['an invalid URL', { url: 'example.com' }, /"example.com" is not an http or https URL/],
		['no event', { events: [] }, /No event is chosen.*\| Choose/],
		['an unknown event', { events: ['session.done'] }, /no event "session.done".*\| Choose among/],
		[
			'no secret in the credential',
			{ secretSource: 'credential' },
			/credential has no Signing Secret/,
		],
		['an empty secret', { secretSource: 'entered', secret: ' ' }, /The secret is empty/],
		['a secret with white space', { secretSource: 'entered', secret: 'x ' }, /white space/],
		['an invalid value for Active', { active: 'yes' }, /Active must be true or false/],
	])('rejects %s without a request', async (_, parameters, message) => {
		expect(await getErrorText(createWebhook({ secretSource: 'generate', ...parameters }))).toMatch(
			message,
		);
		expect(getRequests()).toEqual([]);
	});

	it('rejects a URL that MindPeeker cannot reach, unless the environment is custom', async () => {
		host.credential = { environment: 'production' };
		expect(await getErrorText(createWebhook({ secretSource: 'generate' }))).toMatch(
			/cannot deliver to http:\/\/127\.0\.0\.1/,
		);
	});

	it('is not retried if it may have succeeded, and says so', async () => {
		simulator.faults.add({ on: 'api', kind: 'response', status: 503, method: 'POST' });
		expect(await getErrorText(createWebhook({ secretSource: 'generate' }))).toMatch(
			/failed to process the request \(503: Injected fault\)\. \[item 0\] \| The webhook may have been created/,
		);
		simulator.faults.add({ on: 'api', kind: 'lost-response', method: 'POST' });
		expect(await getErrorText(createWebhook({ secretSource: 'generate' }))).toMatch(
			/could not be reached .*\| The webhook may have been created\. Check with Get Many/,
		);
		expect(getRequests()).toHaveLength(2);
	});

	it('has a hint if the API accepts one webhook per URL', async () => {
		simulator.faults.add({ on: 'api', kind: 'response', status: 409, method: 'POST' });
		expect(await getErrorText(createWebhook({ secretSource: 'generate' }))).toMatch(
			/already has a webhook for this URL \(409.*\| Use the operation Create or Update/,
		);
	});

	it.each<[unknown, boolean]>([
		['true', true],
		['FALSE', false],
	])('accepts the text %j for Active', async (active, expected) => {
		expect(await createWebhook({ active, secretSource: 'generate' })).toMatchObject([
			{ active: expected },
		]);
	});

	it('does not use the previous secret', async () => {
		host.credential = { previousSigningSecret: 'the previous secret' };
		expect(await getErrorText(createWebhook({ secretSource: 'credential' }))).toMatch(
			/has no Signing Secret/,
		);
	});
});
