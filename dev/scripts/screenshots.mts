// Takes the screenshots of the documentation: `npm run screenshots`.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { selectors, type Page } from 'playwright-core';

import { demoWorkflow } from '../demo/demoWorkflow.mts';
import type { WorkflowImport } from '../lab/index.mts';
import { launchBrowser, signIn } from '../testEnvironment/browser.mts';
import { EXAMPLE_WORKFLOWS, readExample } from '../testEnvironment/exampleWorkflows.mts';
import { startEnvironment } from '../testEnvironment/testEnvironment.mts';
import { createTriggerWorkflow } from '../testEnvironment/triggerWorkflow.mts';

const FOLDER = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const SIZE = { width: 1440, height: 810 };
/** On a smaller canvas, the editor shows the nodes larger. */
const CANVAS_SIZE = { width: 1100, height: 620 };
/** Until animations have ended and notifications have disappeared. */
const SETTLE_MS = 6_000;
/** n8n's hints for beginners. */
const HIDE_HINTS =
	'.el-popper, [role=tooltip], [data-reka-popper-content-wrapper] { display: none !important; }';

const name = 'MindPeeker events';
const triggerWorkflow = {
	...createTriggerWorkflow('trigger', { events: ['session.completed'] }),
	name,
};
const outputs = createTriggerWorkflow('outputs', {
	events: ['session.completed', 'analysis.completed', 'account.payment_failed'],
	output: 'perEvent',
});
const outputsWorkflow = { ...outputs, name, nodes: outputs.nodes.slice(0, 1), connections: {} };

selectors.setTestIdAttribute('data-test-id');
mkdirSync(FOLDER, { recursive: true });
const environment = await startEnvironment({
	onProgress: (line) => console.log(line),
	n8n: { workflows: [demoWorkflow, triggerWorkflow, outputsWorkflow] },
	simulator: { timeFactor: 10 },
});
const { n8n, simulator } = environment;
const browser = await launchBrowser();
try {
	const page = await browser.newPage({ viewport: SIZE, deviceScaleFactor: 1.5 });
	await signIn(page, n8n);
	await takeCredential(page);
	await takeTrigger(page);
	await takeExecution(page);
	await takeSimulator(page);
	await takeWorkflow(page, 'outputs', outputsWorkflow.id);
	for (const example of EXAMPLE_WORKFLOWS) {
		const content = JSON.parse(readExample(example)) as WorkflowImport;
		const [workflow] = await n8n.workflows.import(content);
		await takeWorkflow(page, example, workflow!.id);
	}
} finally {
	await browser.close();
	await environment.close();
}

/** The credential dialog, which tests the credential when it is opened. */
async function takeCredential(page: Page): Promise<void> {
	await openTrigger(page);
	await page.getByTestId('credential-edit-button').click();
	await page.getByText('Connection tested successfully').waitFor();
	await take(page, 'credential');
}

/** The trigger with the data of a test event. */
async function takeTrigger(page: Page): Promise<void> {
	await openTrigger(page);
	await page
		.getByRole('button', { name: /test this trigger|listen for test event/i })
		.first()
		.click();
	await page.getByText('confidence_score').first().waitFor();
	await page.getByText('JSON', { exact: true }).last().click();
	await take(page, 'trigger');
}

/** A finished execution of the demo workflow. */
async function takeExecution(page: Page): Promise<void> {
	await n8n.workflows.publish(demoWorkflow.id);
	simulator.emit('session.completed');
	const filter = { workflowId: demoWorkflow.id, status: ['success' as const] };
	const [execution] = await n8n.executions.waitFor({ ...filter, count: 1, timeoutMs: 30_000 });
	await page.setViewportSize(CANVAS_SIZE);
	await page.goto(`${n8n.url}/workflow/${demoWorkflow.id}/executions/${execution!.id}`);
	await page.getByTestId('execution-preview-label').first().waitFor();
	await take(page, 'execution');
}

/** A delivery that was retried, and one that is still failing. */
async function takeSimulator(page: Page): Promise<void> {
	await n8n.workflows.unpublish(demoWorkflow.id);
	await n8n.workflows.publish(outputsWorkflow.id);
	const drop = { on: 'delivery', kind: 'drop' } as const;
	simulator.faults.add({ ...drop, eventType: 'account.payment_failed', times: 7 });
	simulator.faults.add({ ...drop, eventType: 'analysis.completed' });
	simulator.emit('session.completed');
	simulator.emit('account.payment_failed');
	const { event } = simulator.emit('analysis.completed');
	await simulator.waitForDelivery(event.id, { timeoutMs: 30_000 });
	await page.setViewportSize(SIZE);
	await page.goto(simulator.origin);
	await page.getByText('Connected', { exact: true }).waitFor();
	await take(page, 'simulator');
}

async function takeWorkflow(page: Page, picture: string, id: string): Promise<void> {
	await page.setViewportSize(CANVAS_SIZE);
	await page.goto(`${n8n.url}/workflow/${id}`);
	await page.getByTestId('canvas-wrapper').first().waitFor();
	await take(page, picture);
}

async function openTrigger(page: Page): Promise<void> {
	await page.goto(`${n8n.url}/workflow/${triggerWorkflow.id}`);
	await page.getByTestId('canvas-trigger-node').first().dblclick();
	await page.getByTestId('node-parameters').first().waitFor();
}

async function take(page: Page, picture: string): Promise<void> {
	await page.waitForTimeout(SETTLE_MS);
	await page.screenshot({ path: `${FOLDER}${picture}.png`, style: HIDE_HINTS });
	console.log(`docs/screenshots/${picture}.png`);
}
