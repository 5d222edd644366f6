import { beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import { WAIT, type Editor } from './harness/editor.mts';
import { Parameters } from './harness/parameters.mts';

// n8n adds the last one to every credential.
const OTHER_FIELDS = ['Signing Secret', 'Previous Signing Secret', 'Allowed HTTP Request Domains'];

export function testCredentialDialog(editor: Editor): void {
	describe('the credential dialog', () => {
		const fields = () => editor.page.getByTestId('credential-connection-parameter');
		let credential: Parameters;

		const fill = async (name: string, text: string) =>
			await credential.getInput(name).locator('input').fill(text);
		const save = async () =>
			await editor.page.getByTestId('credential-save-button').getByRole('button').click();
		const getNames = async () =>
			(await fields().allInnerTexts()).map((text) =>
				(text.split('\n')[0] ?? '').replace(/ ?\*$/, ''),
			);

		beforeAll(async () => {
			await editor.openWorkflow('credential');
			await editor.openNode('trigger');
			await editor.page.getByTestId('node-credentials-select').first().click();
			await editor.page.getByTestId('node-credentials-select-item-new').first().click();
			const dialog = editor.page.getByTestId('credential-edit-dialog');
			await dialog.waitFor(WAIT);
			credential = new Parameters(editor.page, dialog);
		});

		it('starts with the API key, and has a base URL only with a custom environment', async () => {
			await waitFor(async () =>
				expect(await getNames()).toEqual(['API Key', 'Environment', ...OTHER_FIELDS]),
			);
			expect((await credential.getOptions('environment')).names).toEqual([
				'Production',
				'Staging',
				'Development',
				'Custom',
			]);
			await credential.select('environment', 'Custom');
			await waitFor(async () =>
				expect(await getNames()).toEqual(['API Key', 'Environment', 'Base URL', ...OTHER_FIELDS]),
			);
		});

		it('masks only the secrets', async () => {
			const types = ['apiKey', 'baseUrl', 'signingSecret', 'previousSigningSecret'].map(
				async (name) => await credential.getInput(name).locator('input').getAttribute('type'),
			);
			expect(await Promise.all(types)).toEqual(['password', 'text', 'password', 'password']);
		});

		it('explains that the API key is invalid', async () => {
			await fill('apiKey', 'wrong');
			await fill('baseUrl', editor.simulator.baseUrl);
			await save();
			await editor.page.getByText('More details').click();
			await editor.waitForText('MindPeeker does not accept this API key');
		});

		it('tests the credential when it is saved, and selects it in the node if it is valid', async () => {
			await fill('apiKey', editor.simulator.apiKey);
			await save();
			// n8n closes the dialog if the test succeeds, and shows the result when it is opened again.
			await editor.page.getByTestId('credential-edit-dialog').waitFor({ state: 'hidden', ...WAIT });
			await editor.page.getByTestId('credential-edit-button').click();
			await editor.waitForText('Connection tested successfully');
		});
	});
}
