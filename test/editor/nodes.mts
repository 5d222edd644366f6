import { describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import { WAIT, type Editor } from './harness/editor.mts';

/** Leaves the editor in dark mode. */
export function testNodes(editor: Editor): void {
	async function searchNodes(text: string): Promise<void> {
		await editor.page.getByTestId('node-creator-plus-button').first().click();
		await editor.page.getByTestId('node-creator').first().waitFor(WAIT);
		await editor.page.keyboard.type(text);
		const found = editor.page.getByTestId('node-creator').getByText('MindPeeker', { exact: true });
		await found.first().waitFor(WAIT);
	}

	/** Returns the file names of our icons that are visible and were rendered. */
	async function getRenderedIcons(): Promise<string[]> {
		const images = editor.page.locator('img[src*="mindpeeker"]:visible');
		const names = await images.evaluateAll((all) =>
			(all as unknown as Array<{ src: string; naturalWidth: number }>)
				.filter(({ naturalWidth }) => naturalWidth > 0)
				.map(({ src }) => src.split('/').at(-1) ?? ''),
		);
		return [...new Set(names)];
	}

	describe('the nodes', () => {
		it('are found by their name, and by webhook signature, remote viewing and dowsing', async () => {
			await editor.openWorkflow('searched');
			for (const text of ['mindpeeker', 'webhook signature', 'remote viewing', 'dowsing']) {
				await searchNodes(text);
				await editor.page.keyboard.press('Escape');
				await editor.page.getByTestId('node-creator').first().waitFor({ state: 'hidden' });
			}
		});

		it.each([
			['light', 'mindpeeker.svg'],
			['dark', 'mindpeeker.dark.svg'],
		] as const)('have the right icon in %s mode: %s', async (colorScheme, file) => {
			await editor.page.emulateMedia({ colorScheme });
			await editor.openWorkflow('icons');
			for (const kind of ['trigger', 'default']) {
				const icon = editor.page.getByTestId(`canvas-${kind}-node`).locator('img').first();
				await waitFor(async () => expect(await icon.getAttribute('src')).toMatch(`/${file}`));
			}
			await searchNodes('mindpeeker');
			await waitFor(async () => expect(await getRenderedIcons()).toEqual([file]));

			await editor.openWorkflow('icons');
			await editor.openNode('trigger');
			await editor.page.getByTestId('credential-edit-button').click();
			const dialog = editor.page.getByTestId('credential-edit-dialog');
			const icon = dialog
				.locator('xpath=ancestor-or-self::*[@role="dialog"]')
				.locator('img')
				.first();
			await waitFor(async () => expect(await icon.getAttribute('src')).toMatch(`/${file}`));
			await waitFor(async () => expect(await getRenderedIcons()).toEqual([file]));
		});
	});
}
