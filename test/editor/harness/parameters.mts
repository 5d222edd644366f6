import type { Locator, Page } from 'playwright-core';

const NAME = 'label.n8n-input-label:visible, .notice:visible';
const CHOICE = '.el-select-dropdown__item:visible';

/** The fields of a node, or of a credential, as the user sees them. */
export class Parameters {
	constructor(
		private readonly page: Page,
		private readonly panel: Locator,
	) {}

	/** Names of the fields, and texts of the notices, from top to bottom. */
	async shown(): Promise<string[]> {
		return firstLines(await this.panel.locator(NAME).allInnerTexts());
	}

	input(name: string): Locator {
		return this.panel.getByTestId(`parameter-input-${name}`).first();
	}

	async choose(name: string, choice: string): Promise<void> {
		await this.input(name).click();
		const exact = this.page.getByText(choice, { exact: true });
		await this.page.locator(CHOICE).filter({ has: exact }).first().click();
		await this.page.locator(CHOICE).first().waitFor({ state: 'hidden' });
	}

	/** What a field offers, how many have a description beside them, and which of these have no room. */
	async choices(name: string): Promise<{ names: string[]; described: number; cutOff: string[] }> {
		await this.input(name).click();
		const offered = this.page.locator(CHOICE);
		await offered.first().waitFor();
		const names = firstLines(await offered.allInnerTexts());
		const descriptions = offered.locator('.option-description');
		const described = await descriptions.count();
		const cutOff = await descriptions.evaluateAll((descriptions) =>
			descriptions
				.filter(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight + 1)
				.map(({ textContent }) => textContent ?? ''),
		);
		await this.input(name).click();
		await offered.first().waitFor({ state: 'hidden' });
		return { names, described, cutOff };
	}

	/** What can be added to the first collection. */
	async additions(): Promise<string[]> {
		await this.panel.getByTestId('collection-parameter-add').first().click();
		const offered = this.page.getByTestId('collection-parameter-option');
		await offered.first().waitFor();
		const names = firstLines(await offered.allInnerTexts());
		await this.page.keyboard.press('Escape');
		await offered.first().waitFor({ state: 'hidden' });
		return names;
	}

	async add(addition: string): Promise<void> {
		await this.panel.getByTestId('collection-parameter-add').first().click();
		const exact = this.page.getByText(addition, { exact: true });
		const offered = this.page.getByTestId('collection-parameter-option');
		await offered.filter({ has: exact }).click();
		await offered.first().waitFor({ state: 'hidden' });
	}

	/** The text behind the question mark of a field. */
	async helpOf(name: string): Promise<string> {
		const label = this.panel.locator(NAME).filter({ hasText: name }).first();
		await label.hover();
		await label.locator('[data-icon="circle-help"]').hover();
		return await this.page.getByTestId('tooltip-content').first().innerText();
	}
}

function firstLines(texts: string[]): string[] {
	return texts.map((text) => (text.trim().split('\n')[0] ?? '').replace(/ ?\*$/, '').trim());
}
