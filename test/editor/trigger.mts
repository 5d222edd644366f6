import { beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import { EVENT_TYPES } from '../../nodes/shared/events/eventTypes.ts';
import type { Editor } from './harness/editor.mts';
import { Parameters } from './harness/parameters.mts';

export function testTrigger(editor: Editor): void {
	describe('the trigger', () => {
		it('has an output for each event, with a name that fits', async () => {
			await editor.openWorkflow('outputs');
			await editor.waitForText('Session OK');
			const labels = editor.page.locator('.canvas-node-handle-main-output [class*="outputLabel"]');
			const truncated = await labels.evaluateAll((all) =>
				all
					.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
					.map(({ textContent }) => textContent),
			);
			expect(await labels.count()).toBe(EVENT_TYPES.length + 1);
			expect(truncated).toEqual([]);
		});

		it('shows the number of events as its subtitle', async () => {
			await editor.openWorkflow('listens');
			await editor.waitForText('2 events');
		});

		it('receives a complete sample event when it is tested', async () => {
			await editor.openWorkflow('listens');
			await editor.openNode('trigger');
			await editor.page
				.getByRole('button', { name: /test this trigger|listen for test event/i })
				.first()
				.click();
			await editor.waitForText('confidence_score');
			await editor.waitForText('Missing person investigation');
		});

		it('explains why publishing fails', async () => {
			await editor.openWorkflow('unreachable');
			await editor.page.getByRole('button', { name: 'Publish' }).first().click();
			await editor.page.getByRole('button', { name: 'Publish' }).last().click();
			await editor.waitForText('MindPeeker cannot deliver to');
		});
	});

	describe('the parameters of the trigger', () => {
		let trigger: Parameters;
		const FIRST_FIELDS = ['Credential', 'Trigger On', 'Registration'];
		const getVisibleUrls = async () => {
			const texts = await editor.page.getByText(/^https?:.*\/webhook\/.+/).allInnerTexts();
			return texts.map((text) => text.trim());
		};

		beforeAll(async () => {
			await editor.openWorkflow('trigger');
			await editor.openNode('trigger');
			trigger = new Parameters(editor.page, editor.page.getByTestId('node-parameters').first());
		});

		it('starts with the required fields', async () => {
			await waitFor(async () =>
				expect(await trigger.getNames()).toEqual([...FIRST_FIELDS, 'Output', 'Options']),
			);
		});

		it.each([
			['Trigger On', 'The events that start the workflow'],
			['Registration', 'Who creates the webhook in MindPeeker'],
			['Output', 'Whether the node has one output, or one per event type'],
		])('%s has a tooltip', async (name, help) => {
			expect(await trigger.getTooltip(name)).toBe(help);
		});

		it('has its options in alphabetical order', async () => {
			expect(await trigger.getAddableFields()).toEqual([
				'Acknowledge',
				'Allowed IPs',
				'Batch Size',
				'Batch Window',
				'Debug',
				'Deduplication',
				'Live Mode',
				'Maximum Event Age',
				'Minimum Confidence',
				'Send Test Event',
				'Simplify',
			]);
		});

		it('explains the manual registration only if it is selected', async () => {
			await trigger.select('registration', 'Manual');
			const notice = expect.stringMatching(/^Create a webhook in MindPeeker/);
			const otherFields = ['Output', 'Options'];
			await waitFor(async () =>
				expect(await trigger.getNames()).toEqual([...FIRST_FIELDS, notice, ...otherFields]),
			);
			await trigger.select('registration', 'Automatic');
			await waitFor(async () =>
				expect(await trigger.getNames()).toEqual([...FIRST_FIELDS, ...otherFields]),
			);
		});

		it('shows only the webhook URL for the selected Acknowledge', async () => {
			await editor.page.getByText('Webhook URLs', { exact: true }).click();
			await editor.page.getByText('Production URL').first().click();
			await waitFor(async () =>
				expect(await getVisibleUrls()).toEqual([expect.stringMatching(/\/mindpeeker$/)]),
			);
			await trigger.addField('Acknowledge');
			await trigger.select('acknowledge', 'When Finished');
			await waitFor(async () =>
				expect(await getVisibleUrls()).toEqual([expect.stringMatching(/\/mindpeeker-finished$/)]),
			);
		});

		it('has descriptions that fit for all choices', async () => {
			await trigger.addField('Deduplication');
			await trigger.addField('Live Mode');
			const names = [
				'events',
				'registration',
				'output',
				'acknowledge',
				'deduplication',
				'livemode',
			];
			for (const name of names) {
				const { descriptions, truncated } = await trigger.getOptions(name);
				expect(descriptions).toBeGreaterThan(0);
				expect({ name, truncated }).toEqual({ name, truncated: [] });
			}
		});
	});
}
