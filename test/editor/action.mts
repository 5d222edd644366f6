import { beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import { createWebhook } from '../support/api.mts';
import { WAIT, type Editor } from './harness/editor.mts';
import { Parameters } from './harness/parameters.mts';

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
// n8n adds this to every node with a credential.
const CUSTOM = 'Custom API Call';

export function testMindPeekerNode(editor: Editor): void {
	describe('the parameters of the MindPeeker node', () => {
		let node: Parameters;
		async function selectOperation(resource: string, operation: string): Promise<void> {
			await node.select('resource', resource);
			await node.select('operation', operation);
		}
		const expectFields = async (...fields: string[]) => {
			const names = ['Credential', 'Resource', 'Operation', ...fields];
			await waitFor(async () => expect(await node.getNames()).toEqual(names));
		};

		beforeAll(async () => {
			await editor.openWorkflow('action');
			await editor.openNode('default');
			node = new Parameters(editor.page, editor.page.getByTestId('node-parameters').first());
		});

		it('has the resources', async () => {
			expect((await node.getOptions('resource')).names).toEqual([
				...Object.keys(OPERATIONS),
				CUSTOM,
			]);
		});

		describe.each(Object.entries(OPERATIONS))('%s', (resource, operations) => {
			it('has the operations, with descriptions that fit', async () => {
				await node.select('resource', resource);
				const options = await node.getOptions('operation');
				const names = Object.keys(operations);
				expect(options).toEqual({
					names: [...names, CUSTOM],
					descriptions: names.length,
					truncated: [],
				});
			});

			it.each(Object.entries(operations))(
				'%s has the required fields',
				async (operation, fields) => {
					await selectOperation(resource, operation);
					await expectFields(...fields);
				},
			);
		});

		it('Verify has fields for a text body and an entered secret if they are selected', async () => {
			await selectOperation('Event', 'Verify');
			await node.select('bodySource', 'Text');
			await node.select('secretSource', 'Enter');
			await expectFields('Raw Body', 'Body', 'Signature', 'Signing Secret', 'Secret', 'Options');
			expect(await node.getInput('secret').locator('input').getAttribute('type')).toBe('password');
		});

		it('Get Many has no limit with Return All', async () => {
			await selectOperation('Webhook', 'Get Many');
			await node.getInput('returnAll').click();
			await expectFields('Return All', 'Filters', 'Options');
			expect(await node.getAddableFields()).toEqual(['Active', 'Events', 'URL Contains']);
		});

		it('has the optional fields', async () => {
			await selectOperation('Analysis', 'Submit');
			expect(await node.getAddableFields()).toEqual([
				'Analysis Type',
				'Coordinates',
				'Documents',
				'Photos',
				'Priority',
			]);
			await selectOperation('Session', 'Create');
			expect(await node.getAddableFields()).toEqual([
				'Duration (Minutes)',
				'Modality',
				'Privacy Level',
			]);
			await selectOperation('Webhook', 'Update');
			expect(await node.getAddableFields()).toEqual(['Active', 'Events']);
		});

		it('Get Results has wait times only with Wait Until Completed', async () => {
			await selectOperation('Session', 'Get Results');
			expect(await node.getAddableFields()).toEqual(['Batching', 'Wait Until Completed']);
			await node.addField('Wait Until Completed');
			expect(await node.getAddableFields()).toEqual([
				'Batching',
				'Wait at Most (Minutes)',
				'Wait Interval (Seconds)',
			]);
		});

		it('a webhook can be selected from a searchable list or by its ID', async () => {
			for (const name of ['first', 'second']) {
				await createWebhook(editor.simulator, `https://${name}.example.com/hook`);
			}
			await selectOperation('Webhook', 'Get');
			await editor.page.getByTestId('rlc-input').click();
			const items = editor.page.getByTestId('rlc-item');
			const urls = async () => await items.allInnerTexts();
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
			await items.first().click();
			await editor.page.getByTestId('rlc-mode-selector').click();
			await editor.page.getByRole('option', { name: 'By ID' }).click();
			await editor.page.getByPlaceholder('e.g. wh_1234567890').waitFor(WAIT);
		});
	});
}
