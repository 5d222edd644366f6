import { beforeAll, describe, expect, it } from '@jest/globals';
import { describeIf, waitFor } from '../support/jest.mts';

import { register } from '../support/api.mts';
import { missingBrowser } from '../support/browser.mts';
import { useEditor, WAIT } from './harness/editor.mts';
import { Parameters } from './harness/parameters.mts';

const editor = useEditor();
let node: Parameters;

const OPERATIONS = {
	Account: { Get: ['Options'] },
	Analysis: { Submit: ['Target Type', 'Additional Fields', 'Options'] },
	Event: { Verify: ['Raw Body', 'Input Binary Field', 'Signature', 'Signing Secret', 'Options'] },
	Session: {
		Create: ['Type', 'Target', 'Additional Fields', 'Options'],
		Get: ['Session ID', 'Options'],
		'Get Results': ['Session ID', 'Options'],
	},
	Webhook: {
		Create: ['URL', 'Events', 'Signing Secret', 'Active', 'Options'],
		'Create or Update': ['URL', 'Events', 'Signing Secret'],
		Delete: ['Webhook', 'Options'],
		Get: ['Webhook', 'Options'],
		'Get Many': ['Return All', 'Limit', 'Filters', 'Options'],
		'Send Test Event': ['Webhook', 'Event', 'Test Data', 'Options'],
		Update: ['Webhook', 'Update Fields', 'Options'],
	},
};
// n8n adds it itself, to every node with a credential.
const CUSTOM = 'Custom API Call';

async function choose(resource: string, operation: string): Promise<void> {
	await node.choose('resource', resource);
	await node.choose('operation', operation);
}
const shows = async (...fields: string[]) => {
	const all = ['Credential', 'Resource', 'Operation', ...fields];
	await waitFor(async () => expect(await node.shown()).toEqual(all));
};

describeIf(!missingBrowser)("the MindPeeker node's screen", () => {
	beforeAll(async () => {
		if (missingBrowser) return;
		await editor.open('action');
		await editor.openNode('default');
		node = new Parameters(editor.page, editor.page.getByTestId('node-parameters').first());
	});

	it('offers its resources', async () => {
		expect((await node.choices('resource')).names).toEqual([...Object.keys(OPERATIONS), CUSTOM]);
	});

	describe.each(Object.entries(OPERATIONS))('%s', (resource, operations) => {
		it('offers its operations, with room for what they do', async () => {
			await node.choose('resource', resource);
			const offered = await node.choices('operation');
			const names = Object.keys(operations);
			const described = names.length;
			expect(offered).toEqual({ names: [...names, CUSTOM], described, cutOff: [] });
		});

		it.each(Object.entries(operations))('%s asks for what it needs', async (operation, fields) => {
			await choose(resource, operation);
			await shows(...fields);
		});
	});

	it('asks for the body as text, and for a secret, where these are chosen', async () => {
		await choose('Event', 'Verify');
		await node.choose('bodySource', 'Text');
		await node.choose('secretSource', 'Enter');
		await shows('Raw Body', 'Body', 'Signature', 'Signing Secret', 'Secret', 'Options');
		expect(await node.input('secret').locator('input').getAttribute('type')).toBe('password');
	});

	it('asks for no limit where all are returned', async () => {
		await choose('Webhook', 'Get Many');
		await node.input('returnAll').click();
		await shows('Return All', 'Filters', 'Options');
		expect(await node.additions()).toEqual(['Active', 'Events', 'URL Contains']);
	});

	it('offers the fields that may be added', async () => {
		await choose('Analysis', 'Submit');
		expect(await node.additions()).toEqual([
			'Analysis Type',
			'Coordinates',
			'Documents',
			'Photos',
			'Priority',
		]);
		await choose('Session', 'Create');
		expect(await node.additions()).toEqual(['Duration (Minutes)', 'Modality', 'Privacy Level']);
		await choose('Webhook', 'Update');
		expect(await node.additions()).toEqual(['Active', 'Events']);
	});

	it('offers how long to wait for results only where they are waited for', async () => {
		await choose('Session', 'Get Results');
		expect(await node.additions()).toEqual(['Batching', 'Wait Until Completed']);
		await node.add('Wait Until Completed');
		expect(await node.additions()).toEqual([
			'Batching',
			'Wait at Most (Minutes)',
			'Wait Interval (Seconds)',
		]);
	});

	it('lets a webhook be picked from a list that can be searched, or by its ID', async () => {
		for (const name of ['first', 'second']) {
			await register(editor.simulator, `https://${name}.example.com/hook`);
		}
		await choose('Webhook', 'Get');
		await editor.page.getByTestId('rlc-input').click();
		const listed = editor.page.getByTestId('rlc-item');
		const urls = async () => await listed.allInnerTexts();
		await waitFor(async () =>
			expect(await urls()).toContain('https://first.example.com/hook (active)'),
		);
		await editor.page
			.getByTestId('rlc-search')
			.locator('input')
			.or(editor.page.locator('input[data-test-id=rlc-search]'))
			.first()
			.fill('second');
		await waitFor(async () =>
			expect(await urls()).toEqual(['https://second.example.com/hook (active)']),
		);
		await listed.first().click();
		await editor.page.getByTestId('rlc-mode-selector').click();
		await editor.page.getByRole('option', { name: 'By ID' }).click();
		await editor.page.getByPlaceholder('e.g. wh_1234567890').waitFor(WAIT);
	});
});
