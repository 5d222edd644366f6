import { selectors, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { credentialFor, setStage, type Stage } from '../../demo/stage.mts';
import { workflowWith } from '../e2e/harness/workflow.mts';
import { launchBrowser, missingBrowser } from '../support/browser.mts';
import { signIn } from '../support/editor.mts';

const WAIT = { timeout: 20_000 };
let stage: Stage;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
	if (missingBrowser) return;
	const events = ['session.completed', 'analysis.completed'];
	const workflows = [
		workflowWith('switchboard', { events, output: 'perEvent' }),
		workflowWith('listens', { events }),
		workflowWith('unreachable', { events }),
		{ id: 'empty', name: 'Empty', nodes: [], connections: {} },
	];
	stage = await setStage({ n8n: { workflows } });
	selectors.setTestIdAttribute('data-test-id');
	browser = await launchBrowser();
	page = await browser.newPage({ viewport: { width: 1500, height: 1000 } });
	await signIn(page, stage.n8n);
});
afterAll(async () => {
	await browser?.close();
	await stage?.close();
});
beforeEach(() => {
	complaints = [];
	page.on('console', (message) => {
		if (message.type() === 'error') complaints.push(message.text());
	});
});
afterEach(() => {
	page.removeAllListeners('console');
	expect(complaints.filter((text) => /mindpeeker/i.test(text))).toEqual([]);
});

/** Opens a workflow, with its canvas drawn. */
async function open(id: string): Promise<void> {
	await page.goto(`${stage.n8n.url}/workflow/${id}`);
	await page.getByTestId('canvas-wrapper').first().waitFor(WAIT);
}
const shows = async (text: string) => await page.getByText(text).first().waitFor(WAIT);

describe.skipIf(missingBrowser)('the nodes', () => {
	it.each(['mindpeeker', 'webhook signature', 'remote viewing', 'dowsing'])(
		'are found by searching "%s"',
		async (sought) => {
			await open('listens');
			await page.getByTestId('node-creator-plus-button').first().click();
			await page.getByTestId('node-creator').first().waitFor(WAIT);
			await page.keyboard.type(sought);
			await page
				.getByTestId('node-creator')
				.getByText('MindPeeker', { exact: true })
				.first()
				.waitFor(WAIT);
		},
	);
});

describe.skipIf(missingBrowser)('the trigger', () => {
	it('names its outputs after the events', async () => {
		await open('switchboard');
		await shows('Session Completed');
		await shows('Analysis Completed');
	});

	it('shows a full sample event by itself when it is tested', async () => {
		await open('listens');
		await page.getByTestId('canvas-trigger-node').first().dblclick();
		await page
			.getByRole('button', { name: /test this trigger|listen for test event/i })
			.first()
			.click();
		await shows('confidence_score');
		await shows('Missing person investigation');
	});

	it('says in its own words why a publication fails', async () => {
		const credential = credentialFor(stage.simulator, { environment: 'production' });
		await stage.n8n.credentials.update(credential.id, credential);
		await open('unreachable');
		await page.getByRole('button', { name: 'Publish' }).first().click();
		await page.getByRole('button', { name: 'Publish' }).last().click();
		await shows('MindPeeker cannot deliver to');
	});
});
