import { beforeAll, expect, it } from '@jest/globals';
import { describeIf, waitFor } from '../support/jest.mts';

import { missingBrowser } from '../support/browser.mts';
import { useEditor } from './harness/editor.mts';
import { Parameters } from './harness/parameters.mts';

const editor = useEditor();

describeIf(!missingBrowser)('the trigger', () => {
	it('names its outputs after the events', async () => {
		await editor.open('switchboard');
		await editor.shows('Session Completed');
		await editor.shows('Analysis Completed');
	});

	it('shows a full sample event by itself when it is tested', async () => {
		await editor.open('listens');
		await editor.openNode('trigger');
		await editor.page
			.getByRole('button', { name: /test this trigger|listen for test event/i })
			.first()
			.click();
		await editor.shows('confidence_score');
		await editor.shows('Missing person investigation');
	});

	it('says in its own words why a publication fails', async () => {
		await editor.open('unreachable');
		await editor.page.getByRole('button', { name: 'Publish' }).first().click();
		await editor.page.getByRole('button', { name: 'Publish' }).last().click();
		await editor.shows('MindPeeker cannot deliver to');
	});
});

describeIf(!missingBrowser)("the trigger's screen", () => {
	let trigger: Parameters;
	const FIRST = ['Credential', 'Trigger On', 'Registration'];
	const urlsShown = async () => {
		const texts = await editor.page.getByText(/^https?:.*\/webhook\/.+/).allInnerTexts();
		return texts.map((text) => text.trim());
	};

	beforeAll(async () => {
		if (missingBrowser) return;
		await editor.open('trigger');
		await editor.openNode('trigger');
		trigger = new Parameters(editor.page, editor.page.getByTestId('node-parameters').first());
	});

	it('begins with what has to be chosen', async () => {
		await waitFor(async () =>
			expect(await trigger.shown()).toEqual([...FIRST, 'Output', 'Options']),
		);
	});

	it.each([
		['Trigger On', 'The events that start the workflow'],
		['Registration', 'Who creates the webhook in MindPeeker'],
		['Output', 'Where the events leave the node'],
	])('has help at %s', async (name, help) => {
		expect(await trigger.helpOf(name)).toBe(help);
	});

	it('offers its options in the order of the alphabet', async () => {
		expect(await trigger.additions()).toEqual([
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

	it('says with a manual registration what is left to do, and only then', async () => {
		await trigger.choose('registration', 'Manual');
		const notice = expect.stringMatching(/^Create a webhook in MindPeeker/);
		const rest = ['Output', 'Options'];
		await waitFor(async () => expect(await trigger.shown()).toEqual([...FIRST, notice, ...rest]));
		await trigger.choose('registration', 'Automatic');
		await waitFor(async () => expect(await trigger.shown()).toEqual([...FIRST, ...rest]));
	});

	it('shows the one webhook URL that fits Acknowledge', async () => {
		await editor.page.getByText('Webhook URLs', { exact: true }).click();
		await editor.page.getByText('Production URL').first().click();
		await waitFor(async () =>
			expect(await urlsShown()).toEqual([expect.stringMatching(/\/mindpeeker$/)]),
		);
		await trigger.add('Acknowledge');
		await trigger.choose('acknowledge', 'When Finished');
		await waitFor(async () =>
			expect(await urlsShown()).toEqual([expect.stringMatching(/\/mindpeeker-finished$/)]),
		);
	});

	it('has room for what it says about each choice', async () => {
		await trigger.add('Deduplication');
		await trigger.add('Live Mode');
		const names = ['events', 'registration', 'output', 'acknowledge', 'deduplication', 'livemode'];
		for (const name of names) {
			const { described, cutOff } = await trigger.choices(name);
			expect({ name, cutOff, isDescribed: described > 0 }).toEqual({
				name,
				cutOff: [],
				isDescribed: true,
			});
		}
	});
});
