import type { Page } from 'playwright-core';

import type { N8n } from '../../dev/lab/index.mts';

/** Signs n8n's owner in. */
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
