import { beforeAll, expect, it } from '@jest/globals';
import { describeIf, waitFor } from '../support/jest.mts';

import { missingBrowser } from '../support/browser.mts';
import { useEditor, WAIT } from './harness/editor.mts';
import { Parameters } from './harness/parameters.mts';

const editor = useEditor();
const fields = () => editor.page.getByTestId('credential-connection-parameter');
let credential: Parameters;

const enter = async (name: string, text: string) =>
	await credential.input(name).locator('input').fill(text);
const save = async () =>
	await editor.page.getByTestId('credential-save-button').getByRole('button').click();
const shown = async () =>
	(await fields().allInnerTexts()).map((text) => (text.split('\n')[0] ?? '').replace(/ ?\*$/, ''));
// n8n adds the last one itself, to every credential.
const REST = ['Signing Secret', 'Previous Signing Secret', 'Allowed HTTP Request Domains'];

describeIf(!missingBrowser)('the credential, made through its dialog', () => {
	beforeAll(async () => {
		if (missingBrowser) return;
		await editor.open('credential');
		await editor.openNode('trigger');
		await editor.page.getByTestId('node-credentials-select').first().click();
		await editor.page.getByTestId('node-credentials-select-item-new').first().click();
		const dialog = editor.page.getByTestId('credential-edit-dialog');
		await dialog.waitFor(WAIT);
		credential = new Parameters(editor.page, dialog);
	});

	it('asks for the API key first, and for a base URL only where the environment is custom', async () => {
		await waitFor(async () => expect(await shown()).toEqual(['API Key', 'Environment', ...REST]));
		expect((await credential.choices('environment')).names).toEqual([
			'Production',
			'Staging',
			'Development',
			'Custom',
		]);
		await credential.choose('environment', 'Custom');
		await waitFor(async () =>
			expect(await shown()).toEqual(['API Key', 'Environment', 'Base URL', ...REST]),
		);
	});

	it('masks its secrets and nothing else', async () => {
		const types = ['apiKey', 'baseUrl', 'signingSecret', 'previousSigningSecret'].map(
			async (name) => await credential.input(name).locator('input').getAttribute('type'),
		);
		expect(await Promise.all(types)).toEqual(['password', 'text', 'password', 'password']);
	});

	it('says what is wrong where the API key is', async () => {
		await enter('apiKey', 'wrong');
		await enter('baseUrl', editor.simulator.baseUrl);
		await save();
		await editor.page.getByText('More details').click();
		await editor.shows('MindPeeker does not accept this API key');
	});

	it('is tested as soon as it is saved, and chosen in the node where it is good', async () => {
		await enter('apiKey', editor.simulator.apiKey);
		await save();
		// n8n closes the dialog where the test is passed, and where it is opened again says so.
		await editor.page.getByTestId('credential-edit-dialog').waitFor({ state: 'hidden', ...WAIT });
		await editor.page.getByTestId('credential-edit-button').click();
		await editor.shows('Connection tested successfully');
	});
});
