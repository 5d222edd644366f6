import { existsSync } from 'node:fs';

import { chromium, type Browser, type Page } from 'playwright-core';

import { findExecutable } from '../lab/findExecutable.mts';
import type { N8n } from '../lab/index.mts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const PATHS = [
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
	'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

const ARGUMENTS = [
	'--no-sandbox', // for root
	'--disable-gpu',
	// No requests of its own:
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** Starts a headless browser. Rejects with an error that says how to install one. */
export async function launchBrowser(): Promise<Browser> {
	return await chromium.launch({ executablePath: findChromium(), args: ARGUMENTS, headless: true });
}

/** @throws {Error} that says how to install a browser if none is found */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string {
	const { CHROMIUM_PATH } = env;
	const paths = CHROMIUM_PATH ? [CHROMIUM_PATH] : PATHS;
	const installed = CHROMIUM_PATH ? undefined : findExecutable(NAMES, [], env);
	const found = installed ?? paths.find((path) => existsSync(path));
	if (found) return found;
	const problem = CHROMIUM_PATH
		? `CHROMIUM_PATH is ${CHROMIUM_PATH}, which does not exist.`
		: 'No Chromium was found.';
	throw new Error(
		`${problem} Install one (apt-get install chromium), or set CHROMIUM_PATH to the path of one.`,
	);
}

/** Returns how to install a browser, or undefined if there is one. */
export function findMissingBrowser(): string | undefined {
	try {
		findChromium();
		return undefined;
	} catch (error) {
		return (error as Error).message;
	}
}

/** Signs in to n8n's editor as the owner. */
export async function signIn(
	page: Page,
	{ url, owner }: Pick<N8n, 'url' | 'owner'>,
): Promise<void> {
	await page.goto(`${url}/signin`);
	await page.fill('input[type=email]', owner.email);
	await page.fill('input[type=password]', owner.password);
	await page.keyboard.press('Enter');
	await page.waitForURL((address) => !address.pathname.includes('signin'));
}
