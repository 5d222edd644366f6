import type { Locator, Page } from 'playwright-core';

const NAME_SELECTOR = 'label.n8n-input-label:visible, .notice:visible';
const OPTION_SELECTOR = '.el-select-dropdown__item';

/** The visible fields of a node or a credential. */
export class Parameters {
	constructor(
		private readonly page: Page,
		private readonly panel: Locator,
	) {}

	/** Returns the names of the fields and the texts of the notices, from top to bottom. */
	async getNames(): Promise<string[]> {
		return getFirstLines(await this.panel.locator(NAME_SELECTOR).allInnerTexts());
	}

	getInput(name: string): Locator {
		return this.panel.getByTestId(`parameter-input-${name}`).first();
	}

	async select(name: string, option: string): Promise<void> {
		const options = await this.openOptions(name);
		await options.filter({ has: this.page.getByText(option, { exact: true }) }).click();
		await options.first().waitFor({ state: 'hidden' });
	}

	/** Returns the names of the options, the number of descriptions, and the descriptions that do not fit. */
	async getOptions(
		name: string,
	): Promise<{ names: string[]; descriptions: number; truncated: string[] }> {
		const options = await this.openOptions(name);
		const names = getFirstLines(await options.allInnerTexts());
		const elements = options.locator('.option-description');
		const descriptions = await elements.count();
		const truncated = await elements.evaluateAll((all) =>
			all
				.filter(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight + 1)
				.map(({ textContent }) => textContent ?? ''),
		);
		await this.getInput(name).click();
		await options.first().waitFor({ state: 'hidden' });
		return { names, descriptions, truncated };
	}

	/** Opens a list of options and returns them. Other lists may be open behind a dialog. */
	private async openOptions(name: string): Promise<Locator> {
		const input = this.getInput(name);
		await input.click();
		const list = await input.locator('[aria-controls]').first().getAttribute('aria-controls');
		const options = this.page.locator(`[id="${list}"] ${OPTION_SELECTOR}`);
		await options.first().waitFor();
		return options;
	}

	/** Returns the fields that can be added to the first collection. */
	async getAddableFields(): Promise<string[]> {
		await this.panel.getByTestId('collection-parameter-add').first().click();
		const options = this.page.getByTestId('collection-parameter-option');
		await options.first().waitFor();
		const names = getFirstLines(await options.allInnerTexts());
		await this.page.keyboard.press('Escape');
		await options.first().waitFor({ state: 'hidden' });
		return names;
	}

	async addField(name: string): Promise<void> {
		await this.panel.getByTestId('collection-parameter-add').first().click();
		const exact = this.page.getByText(name, { exact: true });
		const options = this.page.getByTestId('collection-parameter-option');
		await options.filter({ has: exact }).click();
		await options.first().waitFor({ state: 'hidden' });
	}

	/** Returns the text of a field's question mark. */
	async getTooltip(name: string): Promise<string> {
		const label = this.panel.locator(NAME_SELECTOR).filter({ hasText: name }).first();
		await label.hover();
		await label.locator('[data-icon="circle-help"]').hover();
		return await this.page.getByTestId('tooltip-content').first().innerText();
	}
}

function getFirstLines(texts: string[]): string[] {
	return texts.map((text) => (text.trim().split('\n')[0] ?? '').replace(/ ?\*$/, '').trim());
}
