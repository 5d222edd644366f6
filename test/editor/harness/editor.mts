import { selectors, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';

import { launchBrowser, missingBrowser } from '../../support/browser.mts';
import type { Simulator } from '../../../simulator/index.mts';
import type { Stage } from '../../../dev/testEnvironment/stage.mts';
import { signIn } from '../../support/editor.mts';
import { startStage } from './stage.mts';

export const WAIT = { timeout: 60_000 };

/** n8n's editor in a browser, with its owner signed in. */
export class Editor {
	page!: Page;
	private browser?: Browser;
	simulator!: Simulator;
	private url = '';
	private complaints: string[] = [];

	async start({ n8n, simulator }: Stage): Promise<void> {
		this.url = n8n.url;
		this.simulator = simulator;
		selectors.setTestIdAttribute('data-test-id');
		this.browser = await launchBrowser();
		this.page = await this.browser.newPage({ viewport: { width: 1500, height: 1000 } });
		this.page.setDefaultTimeout(WAIT.timeout);
		this.page.on('console', (message) => {
			if (message.type() === 'error') this.complaints.push(message.text());
		});
		await signIn(this.page, n8n);
	}

	async stop(): Promise<void> {
		await this.browser?.close();
	}

	/** Opens a workflow, with its canvas drawn. */
	async open(id: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
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
	let stage: Stage | undefined;
	beforeAll(async () => {
		if (missingBrowser) return;
		stage = await startStage();
		await editor.start(stage);
	});
	afterAll(async () => {
		await editor.stop();
		await stage?.close();
	});
	afterEach(() => expect(editor.takeComplaints()).toEqual([]));
	return editor;
}
