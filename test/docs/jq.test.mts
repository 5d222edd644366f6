import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { CREDENTIAL, type TestEnvironment } from '../../dev/testEnvironment/testEnvironment.mts';
import { findMissingProgram } from '../../dev/testEnvironment/documentedPrograms.mts';
import { createTriggerWorkflow } from '../../dev/testEnvironment/triggerWorkflow.mts';
import { sign } from '../../nodes/shared/signature.ts';
import { startHeadlessEnvironment } from '../support/headlessEnvironment.mts';
import { describeIf } from '../support/jest.mts';
import { findCodeBlocks } from './harness/pages.mts';
import { runProgram } from './harness/runProgram.mts';

const ID = 'alerts';
const MINDPEEKER = '52.52.52.52';
const STRANGER = '203.0.113.9';
const [rule, ...otherRules] = findCodeBlocks('jq');
const [command, ...otherCommands] = findCodeBlocks('bash').filter(({ text }) => /^jq /.test(text));

describeIf(!findMissingProgram('jq'))('the rule for alerts (apt-get install jq)', () => {
	const folder = mkdtempSync(join(tmpdir(), 'mindpeeker-alerts-'));
	let environment: TestEnvironment;
	beforeAll(async () => {
		environment = await startHeadlessEnvironment({
			n8n: {
				env: { N8N_LOG_FORMAT: 'json', N8N_PROXY_HOPS: '1' },
				workflows: [createTriggerWorkflow(ID, { events: ['session.completed'] })],
			},
		});
		await environment.n8n.workflows.publish(ID);
	});
	afterAll(async () => {
		await environment?.close();
		rmSync(folder, { recursive: true, force: true });
	});

	/** Delivers an event as a proxy would. The sender claims to have another address. */
	async function deliver(id: string, address: string, secret?: string): Promise<number> {
		const { url, secret: valid } = environment.simulator.webhooks()[0]!;
		const body = JSON.stringify({ id, type: 'session.completed', data: {} });
		const headers = {
			'Content-Type': 'application/json',
			'X-Forwarded-For': `192.0.2.1, ${address}`,
			'X-MindPeeker-Signature': sign(Buffer.from(body), secret ?? valid),
		};
		return (await fetch(url, { method: 'POST', headers, body })).status;
	}

	/** Runs the documented command with the documented rule and n8n's log. Returns the alerts. */
	async function findAlerts(): Promise<string[]> {
		writeFileSync(join(folder, 'alerts.jq'), rule?.text ?? '');
		writeFileSync(join(folder, 'n8n.log'), environment.n8n.log.join('\n'));
		const printed = await runProgram('bash', ['-c', command?.text ?? ''], {}, folder);
		return printed.split('\n').filter(Boolean);
	}

	it('is one rule with one command', () => {
		expect([...otherRules, ...otherCommands].map(({ location }) => location)).toEqual([]);
	});

	it(`${rule?.location} reports what needs an operator`, async () => {
		const { n8n } = environment;
		expect(await deliver('evt_1', MINDPEEKER)).toBe(200);
		expect(await deliver('evt_2', STRANGER, 'forged')).toBe(401);
		expect(await findAlerts()).toEqual([]);

		expect(await deliver('evt_3', MINDPEEKER, 'former secret')).toBe(401);
		const id = n8n.credentials.resolveId(CREDENTIAL.mindPeekerApi.id);
		await n8n.rest.request('DELETE', `/credentials/${id}`);
		expect(await deliver('evt_4', STRANGER, 'forged')).toBe(500);
		expect(await findAlerts()).toEqual([
			expect.stringMatching(
				/^20.*Z .*invalid signature \(mismatch\): delivery from 52\.52\.52\.52/,
			),
			expect.stringMatching(/^20.*Z .*error .*delivery from 203\.0\.113\.9/),
		]);
	});
});
