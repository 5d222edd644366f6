import type { IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { sign } from '../../nodes/shared/signature.ts';
import { startSimulator } from '../../simulator/index.mts';
import { createEvent, SECRET } from './harness/deliver.mts';
import { executeTrigger, store } from './harness/deduplicationStore.mts';
import { TriggerHost } from './harness/triggerHost.mts';

const PAYLOAD = 'the target of the session';
const body = JSON.stringify({
	...createEvent('evt_1'),
	created_at: '2025-01-15T10:30:00Z',
	livemode: true,
	data: { target: PAYLOAD, confidence: 0.5 },
});
const validSignature = sign(Buffer.from(body), SECRET);
let host: TriggerHost;

beforeEach(async () => {
	host = await new TriggerHost({
		parameters: { events: ['session.completed'] },
		credential: { signingSecret: SECRET },
	}).start();
});
afterEach(async () => await host.stop());

async function deliver(signature = validSignature, text = body, url = host.url): Promise<number> {
	const headers = { 'X-MindPeeker-Signature': signature, 'Content-Type': 'application/json' };
	return (await fetch(url, { method: 'POST', headers, body: text })).status;
}
const setOptions = (options: IDataObject) => (host.setup.parameters.options = options);
const getLog = () => host.log.map(({ level, message }) => `${level} ${message}`);

describe("n8n's log has an entry for a delivery", () => {
	it.each<[string, () => Promise<unknown>, RegExp]>([
		[
			'that is accepted',
			async () => await deliver(),
			/^info MindPeeker Trigger: accepted: session.completed evt_1, response 200 in \d+ ms \[workflow "Events" \(.+\), node "MindPeeker Trigger"\]$/,
		],
		[
			'that is forged',
			async () => await deliver(sign(Buffer.from(body), 'another')),
			/^warn .*: invalid signature \(mismatch\): delivery from 127.0.0.1, response 401/,
		],
		[
			'without a signature',
			async () => await deliver(''),
			/^warn .*: invalid signature \(no-signature\): delivery from 127.0.0.1, response 401/,
		],
		[
			'if there is no secret',
			async () => {
				host.setup.credential = {};
				await deliver();
			},
			/^warn .*: invalid signature \(no-secret\): delivery from 127.0.0.1, response 401/,
		],
		[
			'without an event',
			async () => await deliver(sign(Buffer.from('[]'), SECRET), '[]'),
			/^warn .*: malformed \(not an object\): delivery from 127.0.0.1, response 400/,
		],
		[
			'that is accepted, but not as documented',
			async () => {
				const fields = { id: 7, data: null, livemode: 1 };
				const unusual = JSON.stringify({ ...createEvent('evt_1'), ...fields });
				await deliver(sign(Buffer.from(unusual), SECRET), unusual);
			},
			/^warn .*: accepted: session.completed 7, response 200 in \d+ ms; id is a number; data is null; livemode is a number \[/,
		],
		[
			'that a filter excludes',
			async () => {
				setOptions({ minimumConfidence: 0.9 });
				await deliver();
			},
			/^info .*: ignored \(confidence too low\): session.completed evt_1, response 200/,
		],
		[
			'that is too old',
			async () => {
				setOptions({ maxEventAge: 5 });
				await deliver();
			},
			/^warn .*: ignored \(too old\): session.completed evt_1, response 200/,
		],
		[
			'from a forbidden address',
			async () => {
				setOptions({ allowedIps: '52.52.52.52' });
				await deliver();
			},
			/^warn .*: forbidden: delivery from 127.0.0.1, response 403/,
		],
		[
			'on the wrong path',
			async () => await deliver(validSignature, body, host.finishedUrl),
			/^warn .*: wrong path: delivery from 127.0.0.1, response 404/,
		],
		[
			'that n8n does not accept',
			async () => {
				host.canStoreExecutions = false;
				await deliver();
			},
			/^warn .*: not accepted: session.completed evt_1, response 500/,
		],
	])('%s', async (_, run, line) => {
		await run();
		expect(getLog()).toEqual([expect.stringMatching(line)]);
	});

	it('that is a duplicate', async () => {
		await deliver();
		await deliver();
		expect(getLog()[1]).toMatch(/^info .*: duplicate: session.completed evt_1, response 200/);
	});

	it('that is a duplicate according to the database', async () => {
		store.reset();
		await executeTrigger(host, '1', [{ json: createEvent('evt_1') }]);
		await executeTrigger(host, '2', [{ json: createEvent('evt_1') }]);
		expect(getLog()).toEqual([
			expect.stringMatching(
				/^info MindPeeker Trigger: duplicate: session.completed evt_1 was processed by an earlier execution. Execution 2 drops it\. \[workflow "Events" \(.+\), node "MindPeeker Trigger"\]$/,
			),
		]);
	});

	it('in a batch with others', async () => {
		setOptions({ batchSize: 2, batchWindow: 2_000 });
		const other = body.replace('evt_1', 'evt_2');
		await Promise.all([deliver(), deliver(sign(Buffer.from(other), SECRET), other)]);
		expect(getLog()).toHaveLength(2);
		expect(getLog().join()).toMatch(/accepted: .*evt_\d.*accepted: .*evt_\d/);
	});
});

it('a forged delivery is logged with the reason if the trigger generated the secret', async () => {
	const generatedSecret = 'f'.repeat(64);
	host.setup.credential = {};
	host.savedStaticData = {
		'node:MindPeeker Trigger': { registration: { webhookId: 'wh_1', generatedSecret } },
	};
	await deliver(sign(Buffer.from(body), 'another'));
	expect(getLog()).toMatchObject([expect.stringContaining('invalid signature (mismatch)')]);
});

describe('with Debug', () => {
	it('the entry contains address, size, content type, creation time and the name of the secret', async () => {
		setOptions({ debug: true });
		Object.assign(host.setup.credential, {
			signingSecret: 'the new secret',
			previousSigningSecret: SECRET,
		});
		await deliver();
		const [entry] = getLog();
		for (const detail of [
			'from 127.0.0.1',
			`${body.length} bytes`,
			'content type application/json',
			'created at 2025-01-15T10:30:00Z',
			"signed with the credential's previous signing secret",
		]) {
			expect(entry).toContain(detail);
		}
	});

	it.each<[string, IDataObject, RegExp]>([
		[
			'an invalid time and live mode',
			{ created_at: { toString: 1 }, livemode: [] },
			/; created at an unknown time; live mode unknown; signed with the credential's signing secret /,
		],
		[
			'a missing time and live mode',
			{ created_at: undefined, livemode: undefined },
			/; created at an unknown time; live mode unknown; /,
		],
	])('an event with %s is accepted', async (_, fields, entry) => {
		setOptions({ debug: true });
		const unusual = JSON.stringify({ ...createEvent('evt_1'), ...fields });
		await deliver(sign(Buffer.from(unusual), SECRET), unusual);
		expect(getLog()).toEqual([expect.stringMatching(entry)]);
		expect(host.executions).toHaveLength(1);
	});

	it('an event is accepted even if the credential cannot be read again', async () => {
		setOptions({ debug: true });
		let reads = 0;
		Object.defineProperty(host.setup, 'credential', {
			get: () => {
				if (reads++ > 0) throw new Error('database is locked');
				return { signingSecret: SECRET };
			},
		});
		await deliver();
		expect(getLog()).toEqual([
			expect.stringMatching(
				/accepted.*; signed with an unknown secret, because the credential could not be read/,
			),
		]);
		expect(host.executions).toHaveLength(1);
	});

	it('registration and removal are logged at the level info instead of debug', async () => {
		const simulator = await startSimulator();
		const { apiKey, baseUrl } = simulator;
		host.setup.credential = { apiKey, environment: 'custom', baseUrl };
		await host.publish();
		const [{ id } = { id: '' }] = simulator.webhooks();
		expect(getLog()).toEqual([
			expect.stringMatching(new RegExp(`^debug .*: webhook ${id} for ${host.url}: created \\[`)),
		]);
		setOptions({ debug: true });
		await host.unpublish();
		expect(getLog()[1]).toMatch(new RegExp(`^info .*: removed ${id} \\[`));
		await simulator.close();
	});

	it('the log contains no secret, signature or event data', async () => {
		const [current, previous] = ['zq-81-current', 'zq-82-previous'];
		host.setup.credential = { signingSecret: current, previousSigningSecret: previous };
		const signatures = [current, previous, 'zq-83-another'].map((key) =>
			sign(Buffer.from(body), key),
		);
		setOptions({ debug: true, allowedIps: '127.0.0.1' });
		for (const signature of [...signatures, 'zq-invalid', '']) await deliver(signature);
		await deliver(sign(Buffer.from('["zq"]'), current), '["zq"]');
		setOptions({ debug: true, minimumConfidence: 0.9 });
		await deliver(signatures[0]);
		expect(host.log).toHaveLength(7);
		const log = JSON.stringify(host.log);
		for (const text of ['zq', PAYLOAD, ...signatures.map((signature) => signature.slice(-12))]) {
			expect(log).not.toContain(text);
		}
	});
});

describe('a logging error', () => {
	it('does not affect responses and deduplication', async () => {
		Object.defineProperty(host, 'log', {
			get: () => {
				throw new Error('disk full');
			},
		});
		expect([await deliver(), await deliver()]).toEqual([200, 200]);
		expect(host.executions).toHaveLength(1);
	});
});
