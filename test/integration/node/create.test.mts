import { describe, expect, it } from '@jest/globals';

import { EVENT_TYPES } from '../../../nodes/shared/events/index.ts';
import { calls, create, events, forEachTest, host, simulator, url } from '../harness/managing.mts';
import { textOf as text } from '../harness/nodeHost.mts';

forEachTest();

describe('Create', () => {
	it('registers the webhook with a secret of 32 random bytes, which is shown this once', async () => {
		const [created] = await create({ secretSource: 'generate' });
		expect(created).toMatchObject({ url, events, active: true });
		expect(created?.secret).toMatch(/^[0-9a-f]{64}$/);
		expect(simulator.webhooks()).toMatchObject([{ id: created?.id, secret: created?.secret }]);
		expect(calls()).toMatchObject([{ method: 'POST', path: '/v1/webhooks' }]);
	});

	it('takes an entered secret, or that of the credential, and shows neither', async () => {
		host.credential = { signingSecret: 'of the credential' };
		const [entered] = await create({ secretSource: 'entered', secret: 'of the node' });
		const [known] = await create({ secretSource: 'credential' });
		expect(JSON.stringify([entered, known])).not.toContain('of the');
		expect(simulator.webhooks().map(({ secret }) => secret)).toEqual([
			'of the node',
			'of the credential',
		]);
	});

	it('can make a paused one', async () => {
		expect(await create({ active: false, secretSource: 'generate' })).toMatchObject([
			{ active: false },
		]);
	});

	it('registers the twenty names for all events, and takes a text with commas', async () => {
		await create({ events: ['*'], secretSource: 'generate' });
		await create({ events: 'session.completed, session.failed', secretSource: 'generate' });
		expect(simulator.webhooks().map(({ events }) => events)).toEqual([
			EVENT_TYPES.map(({ type }) => type),
			events,
		]);
	});

	it.each<[string, object, RegExp]>([
		['no url', { url: ' ' }, /^URL is empty \[item 0\] \| Enter/],
		['a url that is none', { url: 'example.com' }, /"example.com" is not an http or https URL/],
		['no event', { events: [] }, /No event is chosen.*\| Choose/],
		['an unknown event', { events: ['session.done'] }, /no event "session.done".*\| Choose among/],
		[
			'no secret in the credential',
			{ secretSource: 'credential' },
			/credential has no Signing Secret/,
		],
		['an empty secret', { secretSource: 'entered', secret: ' ' }, /The secret is empty/],
		['a secret with white space', { secretSource: 'entered', secret: 'x ' }, /white space/],
		['an activity that is none', { active: 'yes' }, /Active is neither true nor false/],
	])('refuses %s before any call', async (_, parameters, message) => {
		expect(await text(create({ secretSource: 'generate', ...parameters }))).toMatch(message);
		expect(calls()).toEqual([]);
	});

	it('refuses a url that MindPeeker cannot reach, where the environment is not custom', async () => {
		host.credential = { environment: 'production' };
		expect(await text(create({ secretSource: 'generate' }))).toMatch(
			/cannot deliver to http:\/\/127\.0\.0\.1/,
		);
	});

	it('is never repeated where its outcome is unknown, and says so', async () => {
		simulator.faults.add({ on: 'api', kind: 'answer', status: 503, method: 'POST' });
		expect(await text(create({ secretSource: 'generate' }))).toMatch(
			/failed to process the request \(503: A fault on request\)\. \[item 0\] \| The webhook may have been created/,
		);
		simulator.faults.add({ on: 'api', kind: 'lost-answer', method: 'POST' });
		expect(await text(create({ secretSource: 'generate' }))).toMatch(
			/could not be reached .*\| The webhook may have been created all the same\. Look under Get Many/,
		);
		expect(calls()).toHaveLength(2);
	});

	it('says what to do where the service takes a url only once', async () => {
		simulator.faults.add({ on: 'api', kind: 'answer', status: 409, method: 'POST' });
		expect(await text(create({ secretSource: 'generate' }))).toMatch(
			/has a webhook for this URL already \(409.*\| Choose the operation Create or Update/,
		);
	});

	it.each<[unknown, boolean]>([
		['true', true],
		['FALSE', false],
	])('takes the text %j for what it says', async (active, expected) => {
		expect(await create({ active, secretSource: 'generate' })).toMatchObject([
			{ active: expected },
		]);
	});

	it('takes no former secret for the one in force', async () => {
		host.credential = { previousSigningSecret: 'the former' };
		expect(await text(create({ secretSource: 'credential' }))).toMatch(/has no Signing Secret/);
	});
});
