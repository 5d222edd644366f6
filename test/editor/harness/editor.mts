import { selectors, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';

import { launchBrowser, signIn } from '../../../dev/testEnvironment/browser.mts';
import type { Simulator } from '../../../simulator/index.mts';
import type { TestEnvironment } from '../../../dev/testEnvironment/testEnvironment.mts';
import { startEditorEnvironment } from './testEnvironment.mts';

export const WAIT = { timeout: 60_000 };

/** n8n's editor in a browser, signed in as the owner. */
export class Editor {
	page!: Page;
	private browser?: Browser;
	simulator!: Simulator;
	private url = '';
	private consoleErrors: string[] = [];

	async start({ n8n, simulator }: TestEnvironment): Promise<void> {
		this.url = n8n.url;
		this.simulator = simulator;
		selectors.setTestIdAttribute('data-test-id');
		this.browser = await launchBrowser();
		this.page = await this.browser.newPage({
			reducedMotion: 'reduce', // animations take much processor time without a graphics card
			viewport: { width: 1500, height: 1000 },
		});
		this.page.setDefaultTimeout(WAIT.timeout);
		this.page.on('console', (message) => {
			if (message.type() === 'error') this.consoleErrors.push(message.text());
		});
		await signIn(this.page, n8n);
	}

	async stop(): Promise<void> {
		await this.browser?.close();
	}

	/** Opens a workflow and waits for its canvas. */
	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.page.getByTestId('canvas-wrapper').first().waitFor(WAIT);
	}

	/** Opens a node of the workflow and waits for its parameters. */
	async openNode(kind: 'trigger' | 'default'): Promise<void> {
		await this.page.getByTestId(`canvas-${kind}-node`).first().dblclick(WAIT);
		await this.page.getByTestId('node-parameters').first().waitFor(WAIT);
	}

	async waitForText(text: string | RegExp): Promise<void> {
		await this.page.getByText(text).filter({ visible: true }).first().waitFor(WAIT);
	}

	/** Returns and clears the errors in the console that mention this package. */
	takeConsoleErrors(): string[] {
		return this.consoleErrors.splice(0).filter((text) => /mindpeeker/i.test(text));
	}
}

/** Starts an editor for the tests of a group. A test fails if the console has an error of this package. */
export function useEditor(): Editor {
	const editor = new Editor();
	let environment: TestEnvironment | undefined;
	beforeAll(async () => {
		environment = await startEditorEnvironment();
		await editor.start(environment);
	});
	afterAll(async () => {
		await editor.stop();
		await environment?.close();
	});
	afterEach(() => expect(editor.takeConsoleErrors()).toEqual([]));
	return editor;
}
