import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { afterThisTest, describeIf, waitFor } from '../support/jest.mts';

import { EVENT_TYPES } from '../../nodes/shared/events/eventTypes.ts';
import type { Simulator } from '../../simulator/index.mts';
import {
	findChromium,
	launchBrowser,
	findMissingBrowser,
} from '../../dev/testEnvironment/browser.mts';
import { respondWith } from './harness/receiver.mts';
import { sendApiRequest } from '../support/api.mts';
import { startTestSimulator, startWithWebhook } from './harness/setup.mts';

let browser: Browser;
beforeAll(async () => {
	if (!findMissingBrowser()) browser = await launchBrowser();
});
afterAll(async () => await browser?.close());

/** Opens the page and waits for the connection. After the test, fails on console errors and external requests. */
async function open({ origin }: Simulator, { mayLoseConnection = false } = {}): Promise<Page> {
	const page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
	const problems: string[] = [];
	page.on('console', (message) => {
		if (['error', 'warning'].includes(message.type())) problems.push(message.text());
	});
	page.on('pageerror', (error) => problems.push(String(error)));
	page.on('request', (request) => {
		if (new URL(request.url()).origin !== origin)
			problems.push(`External request: ${request.url()}`);
	});
	afterThisTest(async () => {
		await page.close();
		if (!mayLoseConnection) expect(problems).toEqual([]);
	});
	await page.goto(origin);
	await page.getByText('Connected', { exact: true }).waitFor();
	return page;
}

const section = (page: Page, name: string): Locator => page.getByRole('region', { name });
const deliveries = (page: Page): Locator => page.locator('#deliveries > li');

async function textOf(locator: Locator): Promise<string> {
	return (await locator.innerText()).replace(/\s+/g, ' ');
}

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
	for (let presses = 0; presses < 60; presses++) {
		if (await target.evaluate((node) => node === node.ownerDocument.activeElement)) return;
		await page.keyboard.press('Tab');
	}
	throw new Error('Tab does not reach the element.');
}

async function sendSample(page: Page, type = 'session.completed'): Promise<void> {
	await page.getByLabel('Type').selectOption(type);
	await page.getByRole('button', { name: 'Send event' }).click();
}

describeIf(!findMissingBrowser())('the page', () => {
	it('shows the base URL, the API key and new webhooks', async () => {
		const { simulator, receiver, webhookId } = await startWithWebhook();
		const page = await open(simulator);
		expect(await textOf(page.getByRole('banner'))).toContain(simulator.baseUrl);
		expect(await textOf(page.getByRole('banner'))).toContain(simulator.apiKey);
		const webhooks = section(page, 'Webhooks');
		await waitFor(async () => expect(await textOf(webhooks)).toContain(receiver.url));
		expect(await textOf(webhooks)).toMatch(
			new RegExp(`active http\\S+ ${webhookId} ${EVENT_TYPES.length} events`),
		);
		await sendApiRequest(simulator, 'POST', '/webhooks', {
			url: 'https://n8n.example.com/hook',
			events: ['session.failed'],
			secret: 'hidden secret',
		});
		await webhooks.getByText('https://n8n.example.com/hook').waitFor();
		expect(await page.content()).not.toContain('hidden secret');
	});

	it('sends an edited event with the keyboard, and shows its delivery with the attempts', async () => {
		let responses = 0;
		const { simulator, receiver } = await startWithWebhook({
			respond: (...details) => respondWith(responses++ === 0 ? 503 : 200)(...details),
		});
		const page = await open(simulator);
		await tabTo(page, page.getByLabel('Type'));
		await page.keyboard.type('dowsing.query_co');
		await tabTo(page, page.getByLabel('Data (JSON)'));
		await page.keyboard.press('ControlOrMeta+A');
		await page.keyboard.insertText('{"answer":"edited"}');
		await tabTo(page, page.getByLabel('Live mode'));
		await page.keyboard.press('Space');
		await tabTo(page, page.getByRole('button', { name: 'Send event' }));
		await page.keyboard.press('Enter');

		await page.getByText('to 1 webhook.').waitFor();
		const delivery = deliveries(page).first();
		await delivery.getByText('Attempt 2').waitFor();
		expect(await textOf(delivery)).toMatch(
			/^[\d:]{8} delivered dowsing\.query_completed evt_\w+ to http\S+ [\d:]{8} Attempt 1: 503 in \d+ ms [\d:]{8} Attempt 2: 200 in \d+ ms/,
		);
		expect(receiver.events()[1]).toMatchObject({
			type: 'dowsing.query_completed',
			livemode: false,
			data: { answer: 'edited' },
		});
		expect(receiver.events()[1]?.data).toEqual({ answer: 'edited' });
		await tabTo(page, delivery.locator('summary'));
		await page.keyboard.press('Enter');
		expect(await textOf(delivery.locator('pre'))).toContain('"answer": "edited"');
	});

	it('shows each type with its sample, and keeps edited data', async () => {
		const { simulator } = await startWithWebhook();
		const page = await open(simulator);
		const data = page.getByLabel('Data (JSON)');
		expect(await page.getByLabel('Type').locator('option').count()).toBe(EVENT_TYPES.length);
		await page.getByLabel('Type').selectOption('session.failed');
		expect(await data.inputValue()).toContain('signal_lost');
		await data.fill('{"mine":1}');
		await page.getByLabel('Type').selectOption('session.started');
		expect(await data.inputValue()).toContain('in_progress');
		await page.getByLabel('Type').selectOption('session.failed');
		expect(await data.inputValue()).toBe('{"mine":1}');
		await page.getByRole('button', { name: 'Reset to sample' }).click();
		expect(await data.inputValue()).toContain('signal_lost');
	});

	it.each([
		['{"answer": }', 'not valid JSON'],
		['["a list"]', 'must be a JSON object'],
	])('rejects %s as data with an explanation', async (text, reason) => {
		const { simulator } = await startWithWebhook();
		const page = await open(simulator);
		const data = page.getByLabel('Data (JSON)');
		await data.fill(text);
		await page.getByRole('button', { name: 'Send event' }).click();
		const outcome = page.locator('#event-outcome');
		await waitFor(async () => expect(await textOf(outcome)).toContain(reason));
		expect(await data.getAttribute('aria-invalid')).toBe('true');
		expect(await data.evaluate((node) => node === node.ownerDocument.activeElement)).toBe(true);
		expect(simulator.deliveries()).toEqual([]);
	});

	it('pauses and activates a webhook', async () => {
		const { simulator, receiver } = await startWithWebhook();
		const page = await open(simulator);
		const webhooks = section(page, 'Webhooks');
		await webhooks.getByRole('button', { name: 'Pause' }).click();
		await webhooks.getByText('paused', { exact: true }).waitFor();
		await sendSample(page);
		await page.getByText('no active webhook has the type session.completed').waitFor();
		await simulator.waitUntilIdle();
		expect(receiver.received).toEqual([]);

		await webhooks.getByRole('button', { name: 'Activate' }).click();
		await webhooks.getByText('active', { exact: true }).waitFor();
		await sendSample(page);
		await deliveries(page).getByText('delivered').waitFor();
		expect(receiver.events()).toHaveLength(1);
	});

	it('sends a test event to a webhook, and deletes it', async () => {
		const { simulator, receiver } = await startWithWebhook();
		const page = await open(simulator);
		const webhooks = section(page, 'Webhooks');
		await webhooks.getByRole('button', { name: 'Send test event' }).click();
		await deliveries(page).getByText('delivered').waitFor();
		expect(receiver.events()).toMatchObject([{ type: 'session.created', livemode: false }]);
		await webhooks.getByRole('button', { name: 'Delete' }).click();
		await webhooks.getByText('No webhooks.').waitFor();
		expect(simulator.webhooks()).toEqual([]);
		const focused = page.getByRole('heading', { name: 'Webhooks' });
		expect(await focused.evaluate((node) => node === node.ownerDocument.activeElement)).toBe(true);
	});

	it('switches faults and counts injections', async () => {
		const { simulator, receiver } = await startWithWebhook();
		const page = await open(simulator);
		const faults = section(page, 'Faults');
		const lost = faults.getByRole('switch', { name: 'Lost response' });
		await faults.getByLabel('A fault affects').selectOption('three');
		await lost.click();
		await waitFor(async () => expect(await lost.getAttribute('aria-checked')).toBe('true'));
		await sendSample(page);
		const delivery = deliveries(page).first();
		await delivery.getByText('Attempt 4').waitFor();
		expect(await textOf(delivery)).toContain('Attempt 3: Response lost (fault "lost-response")');
		expect(receiver.received).toHaveLength(4);
		await faults.getByText('injected 3 times, done').waitFor();
		expect(await lost.getAttribute('aria-checked')).toBe('false');

		await faults.getByRole('switch', { name: '429 Too Many Requests' }).click();
		await waitFor(() => expect(simulator.faults.list().length).toBe(2));
		expect((await sendApiRequest(simulator, 'GET', '/webhooks')).status).toBe(429);
		await faults.getByText('injected once').waitFor();
		await faults.getByRole('button', { name: 'Clear all' }).click();
		await faults.getByText('No faults.').waitFor();
		expect(simulator.faults.list()).toEqual([]);
	});

	it.each([
		['Response timeout', { on: 'delivery', kind: 'slow-response' }],
		['Lost request', { on: 'delivery', kind: 'drop' }],
		['Duplicate', { on: 'delivery', kind: 'duplicate' }],
		['Out of order', { on: 'delivery', kind: 'reorder', withinMs: 5_000 }],
		['500 Internal Server Error', { on: 'api', kind: 'response', status: 500 }],
		['Connection reset', { on: 'api', kind: 'reset' }],
	])('switches "%s" on and off', async (name, fault) => {
		const { simulator } = await startWithWebhook();
		const page = await open(simulator);
		const node = page.getByRole('switch', { name });
		await node.click();
		await waitFor(() => expect(simulator.faults.list()).toMatchObject([{ fault }]));
		await waitFor(async () => expect(await node.getAttribute('aria-checked')).toBe('true'));
		await node.click();
		await waitFor(() => expect(simulator.faults.list()).toEqual([]));
	});

	it('shows untrusted content as text', async () => {
		const markup = '<img src="/x" onerror="document.title = 1">';
		const { simulator } = await startWithWebhook({
			respond: (response) => response.writeHead(400).end(markup),
		});
		await sendApiRequest(simulator, 'POST', '/webhooks', {
			url: `http://127.0.0.1:9/${markup}`,
			events: ['session.failed'],
			secret: 'secret',
		});
		const page = await open(simulator);
		simulator.emit('session.completed', { payload: { target: markup } });
		const delivery = deliveries(page).first();
		await delivery.getByText('failed', { exact: true }).waitFor();
		await delivery.locator('summary').click();
		expect(await textOf(delivery.locator('pre'))).toContain('<img src=');
		expect(await textOf(delivery.locator('.response').first())).toBe(markup);
		expect(await page.locator('img:not([src="/page/icon.svg"])').count()).toBe(0);
		expect(await page.title()).toBe('MindPeeker simulator');
	});

	it('keeps open details and the focus, and shows 100 deliveries at most', async () => {
		const { simulator } = await startWithWebhook();
		const page = await open(simulator);
		const { event } = simulator.emit('session.completed');
		const first = page.locator('#deliveries > li', { hasText: event.id });
		await first.locator('summary').press('Enter');
		for (let i = 0; i < 99; i++) simulator.emit('session.started');
		await waitFor(async () => expect(await deliveries(page).count()).toBe(100));
		expect(await first.locator('details').getAttribute('open')).toBe('');
		const summary = first.locator('summary');
		expect(await summary.evaluate((node) => node === node.ownerDocument.activeElement)).toBe(true);
		simulator.emit('session.failed');
		await waitFor(async () => expect(await textOf(deliveries(page).first())).toContain('failed'));
		expect(await deliveries(page).count()).toBe(100);
		expect(await first.count()).toBe(0);
	});

	it('shows a lost connection and reconnects', async () => {
		const { simulator } = await startWithWebhook();
		const page = await open(simulator, { mayLoseConnection: true });
		await simulator.close();
		await page.getByText('Connection lost.').waitFor();
		await page.getByRole('button', { name: 'Send event' }).click();
		await page.getByText('The simulator does not respond.').waitFor();
		const restarted = await startTestSimulator({ port: Number(new URL(simulator.origin).port) });
		await page.getByText('Connected', { exact: true }).waitFor();
		await section(page, 'Webhooks').getByText('No webhooks.').waitFor();
		expect(restarted.webhooks()).toEqual([]);
	});

	it.each(['light', 'dark'] as const)('fits into 1000 pixels, %s', async (colorScheme) => {
		const { simulator } = await startWithWebhook({ respond: respondWith(500) });
		const page = await open(simulator);
		await page.emulateMedia({ colorScheme });
		simulator.emit('session.completed', { payload: { long: 'x'.repeat(500) } });
		await deliveries(page).getByText('failed', { exact: true }).first().waitFor();
		const tooWide = await page
			.locator('html, section, form, fieldset')
			.evaluateAll((nodes) =>
				nodes
					.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
					.map(({ id, tagName }) => `${tagName} ${id}`),
			);
		expect(tooWide).toEqual([]);
	});
});

describe('a missing browser', () => {
	it('causes an error with instructions', () => {
		expect(() => findChromium({ CHROMIUM_PATH: '/nowhere' })).toThrow(
			/\/nowhere.*apt-get install chromium.*CHROMIUM_PATH/,
		);
	});
});
