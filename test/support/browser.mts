import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { chromium, type Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const PLACES = [
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
	'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

// Without these a browser looks for updates and the like by itself, and as root it does not start in its sandbox.
const ARGUMENTS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** A browser without a window. Rejects with a text that says how to get one where none is found. */
export async function launchBrowser(): Promise<Browser> {
	return await chromium.launch({ executablePath: findChromium(), args: ARGUMENTS, headless: true });
}

/** @throws {Error} where none is found */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string {
	const folders = (env.PATH ?? '').split(delimiter);
	const onPath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
	const candidates = env.CHROMIUM_PATH ? [env.CHROMIUM_PATH] : [...onPath, ...PLACES];
	const found = candidates.find((path) => existsSync(path));
	if (found) return found;
	const missing = env.CHROMIUM_PATH
		? `There is nothing at CHROMIUM_PATH, ${env.CHROMIUM_PATH}.`
		: 'No Chromium was found.';
	throw new Error(
		`${missing} Install one (apt-get install chromium), or set CHROMIUM_PATH to the program of one.`,
	);
}

function whyNone(): string | undefined {
	try {
		findChromium();
		return undefined;
	} catch (error) {
		return (error as Error).message;
	}
}

/** Why what needs a browser is skipped, and how to get one; undefined where there is one. */
export const missingBrowser = whyNone();
