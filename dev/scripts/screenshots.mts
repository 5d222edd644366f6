// Takes the pictures of the documentation from the running thing: `npm run screenshots`.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { selectors, type Page } from 'playwright-core';

import { setStage } from '../testEnvironment/stage.mts';
import type { WorkflowImport } from '../lab/index.mts';
import { workflowWith } from '../testEnvironment/workflow.mts';
import { launchBrowser } from '../../test/support/browser.mts';
import { signIn } from '../../test/support/editor.mts';
import { READY_MADE, textOf } from '../../test/support/readyMade.mts';

const FOLDER = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const SIZE = { width: 1500, height: 850 };

selectors.setTestIdAttribute('data-test-id');
mkdirSync(FOLDER, { recursive: true });
const switchboard = workflowWith('switchboard', {
	events: ['session.completed', 'analysis.completed', 'account.payment_failed'],
	output: 'perEvent',
});
const stage = await setStage({
	onProgress: (line) => console.log(line),
	n8n: { workflows: [workflowWith('trigger', { events: ['session.completed'] }), switchboard] },
});
const browser = await launchBrowser();
try {
	const page = await browser.newPage({ viewport: SIZE });
	await signIn(page, stage.n8n);
	await page.goto(`${stage.n8n.url}/workflow/trigger`);
	await page.getByTestId('canvas-trigger-node').first().dblclick();
	await page
		.getByRole('button', { name: /test this trigger|listen for test event/i })
		.first()
		.click();
	await page.getByText('confidence_score').first().waitFor();
	await page.getByText('JSON', { exact: true }).last().click();
	await take(page, 'trigger');

	await page.goto(`${stage.n8n.url}/workflow/switchboard`);
	await page.getByText('Account Payment Failed').first().waitFor();
	await take(page, 'outputs');

	for (const name of READY_MADE) {
		const asItIs = JSON.parse(textOf(name)) as WorkflowImport;
		const [workflow] = await stage.n8n.workflows.import(asItIs);
		await page.goto(`${stage.n8n.url}/workflow/${workflow?.id}`);
		await page.getByTestId('canvas-wrapper').first().waitFor();
		await take(page, name);
	}

	await stage.n8n.workflows.publish('switchboard');
	for (const type of ['session.completed', 'analysis.completed']) stage.simulator.emit(type);
	await stage.simulator.idle();
	await page.goto(stage.simulator.origin);
	await page.getByText('Connected', { exact: true }).waitFor();
	await take(page, 'simulator');
} finally {
	await browser.close();
	await stage.close();
}

/** When what moves, and what n8n reports for a moment, has gone. */
async function take(page: Page, name: string): Promise<void> {
	await page.waitForTimeout(6_000);
	await page.screenshot({ path: `${FOLDER}${name}.png` });
	console.log(`docs/screenshots/${name}.png`);
}
