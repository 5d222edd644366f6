import { selectors, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';

import { launchBrowser, missingBrowser } from '../../support/browser.mts';
import { signIn } from '../../support/editor.mts';

export const WAIT = { timeout: 60_000 };

/** n8n's editor in a browser, with its owner signed in. */
export class Editor {
	page!: Page;
	private browser?: Browser;
	private complaints: string[] = [];

	async start(): Promise<void> {
		selectors.setTestIdAttribute('data-test-id');
		this.browser = await launchBrowser();
		this.page = await this.browser.newPage({ viewport: { width: 1500, height: 1000 } });
		this.page.setDefaultTimeout(WAIT.timeout);
		this.page.on('console', (message) => {
			if (message.type() === 'error') this.complaints.push(message.text());
		});
		await signIn(this.page, inject('surroundings').n8n);
	}

	async stop(): Promise<void> {
		await this.browser?.close();
	}

	/** Opens a workflow, with its canvas drawn. */
	async open(id: string): Promise<void> {
		await this.page.goto(`${inject('surroundings').n8n.url}/workflow/${id}`);
		await this.page.getByTestId('canvas-wrapper').first().waitFor(WAIT);
	}

	/** Opens a node of the workflow, with its parameters drawn. */
	async openNode(kind: 'trigger' | 'default'): Promise<void> {
		await this.page.getByTestId(`canvas-${kind}-node`).first().dblclick(WAIT);
		await this.page.getByTestId('node-parameters').first().waitFor(WAIT);
	}

	async shows(text: string | RegExp): Promise<void> {
		await this.page.getByText(text).filter({ visible: true }).first().waitFor(WAIT);
	}

	/** What the console was told of us since it was last asked. */
	takeComplaints(): string[] {
		return this.complaints.splice(0).filter((text) => /mindpeeker/i.test(text));
	}
}

/** The editor for the tests of one file, which fail where the console has an error of ours. */
export function useEditor(): Editor {
	const editor = new Editor();
	beforeAll(async () => {
		if (!missingBrowser) await editor.start();
	});
	afterAll(async () => await editor.stop());
	afterEach(() => expect(editor.takeComplaints()).toEqual([]));
	return editor;
}
