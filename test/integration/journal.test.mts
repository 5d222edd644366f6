import type { IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { sign } from '../../nodes/shared/signature.ts';
import { startSimulator } from '../../simulator/index.mts';
import { eventOf, SECRET } from './harness/deliver.mts';
import { execute, store } from './harness/executionsOf.mts';
import { TriggerHost } from './harness/triggerHost.mts';

const PAYLOAD = 'the target of the session';
const body = JSON.stringify({
	...eventOf('evt_1'),
	created_at: '2025-01-15T10:30:00Z',
	livemode: true,
	data: { target: PAYLOAD, confidence: 0.5 },
});
const good = sign(Buffer.from(body), SECRET);
let host: TriggerHost;

beforeEach(async () => {
	host = await new TriggerHost({
		parameters: { events: ['session.completed'] },
		credential: { signingSecret: SECRET },
	}).start();
});
afterEach(async () => await host.stop());

async function deliver(signature = good, text = body, url = host.url): Promise<number> {
	const headers = { 'X-MindPeeker-Signature': signature, 'Content-Type': 'application/json' };
	return (await fetch(url, { method: 'POST', headers, body: text })).status;
}
const options = (of: IDataObject) => (host.setup.parameters.options = of);
const told = () => host.log.map(({ level, message }) => `${level} ${message}`);

describe("n8n's log has a line for a delivery that is", () => {
	it.each<[string, () => Promise<unknown>, RegExp]>([
		[
			'accepted',
			async () => await deliver(),
			/^info MindPeeker Trigger: accepted: session.completed evt_1, answered 200 in \d+ ms \[workflow "Events" \(.+\), node "MindPeeker Trigger"\]$/,
		],
		[
			'a forgery',
			async () => await deliver(sign(Buffer.from(body), 'another')),
			/^warn .*: unauthorised \(mismatch\): a delivery from 127.0.0.1, answered 401/,
		],
		[
			'not signed',
			async () => await deliver(''),
			/^warn .*: unauthorised \(no-signature\): a delivery from 127.0.0.1, answered 401/,
		],
		[
			'not to be verified by any secret',
			async () => {
				host.setup.credential = {};
				await deliver();
			},
			/^warn .*: unauthorised \(no-secret\): a delivery from 127.0.0.1, answered 401/,
		],
		[
			'no event',
			async () => await deliver(sign(Buffer.from('[]'), SECRET), '[]'),
			/^warn .*: malformed \(not an object\): a delivery from 127.0.0.1, answered 400/,
		],
		[
			'accepted, and differs from what is documented',
			async () => {
				const odd = JSON.stringify({ ...eventOf('evt_1'), id: 7, data: null, livemode: 1 });
				await deliver(sign(Buffer.from(odd), SECRET), odd);
			},
			/^warn .*: accepted: session.completed 7, answered 200 in \d+ ms; id is a number; data is null; livemode is a number \[/,
		],
		[
			'filtered',
			async () => {
				options({ minimumConfidence: 0.9 });
				await deliver();
			},
			/^info .*: ignored \(confidence too low\): session.completed evt_1, answered 200/,
		],
		[
			'too old',
			async () => {
				options({ maxEventAge: 5 });
				await deliver();
			},
			/^warn .*: ignored \(too old\): session.completed evt_1, answered 200/,
		],
		[
			'from a forbidden address',
			async () => {
				options({ allowedIps: '52.52.52.52' });
				await deliver();
			},
			/^warn .*: forbidden: a delivery from 127.0.0.1, answered 403/,
		],
		[
			'on the path not in use',
			async () => await deliver(good, body, host.urlOfFinished),
			/^warn .*: not here: a delivery from 127.0.0.1, answered 404/,
		],
		[
			'not taken by n8n',
			async () => {
				host.canStore = false;
				await deliver();
			},
			/^warn .*: not taken: session.completed evt_1, answered 500/,
		],
	])('%s', async (_, act, line) => {
		await act();
		expect(told()).toEqual([expect.stringMatching(line)]);
	});

	it('a duplicate', async () => {
		await deliver();
		await deliver();
		expect(told()[1]).toMatch(/^info .*: duplicate: session.completed evt_1, answered 200/);
	});

	it('a duplicate that only the database knows', async () => {
		store.reset();
		await execute(host, '1', [{ json: eventOf('evt_1') }]);
		await execute(host, '2', [{ json: eventOf('evt_1') }]);
		expect(told()).toEqual([
			expect.stringMatching(
				/^info MindPeeker Trigger: duplicate: session.completed evt_1 has been in an execution before, and ends in execution 2 \[workflow "Events" \(.+\), node "MindPeeker Trigger"\]$/,
			),
		]);
	});

	it('each of several that go into one execution, with the answer of all', async () => {
		options({ batchSize: 2, batchWindow: 2_000 });
		const other = body.replace('evt_1', 'evt_2');
		await Promise.all([deliver(), deliver(sign(Buffer.from(other), SECRET), other)]);
		expect(told()).toHaveLength(2);
		expect(told().join()).toMatch(/accepted: .*evt_\d.*accepted: .*evt_\d/);
	});
});

it('a forgery is told as one where the trigger made the secret', async () => {
	const generatedSecret = 'f'.repeat(64);
	host.setup.credential = {};
	host.savedStaticData = {
		'node:MindPeeker Trigger': { registration: { webhookId: 'wh_1', generatedSecret } },
	};
	await deliver(sign(Buffer.from(body), 'another'));
	expect(told()).toMatchObject([expect.stringContaining('unauthorised (mismatch)')]);
});

describe('with debug', () => {
	it('the line says where it came from, its size, its age and which secret it was signed with', async () => {
		options({ debug: true });
		Object.assign(host.setup.credential, {
			signingSecret: 'the new secret',
			previousSigningSecret: SECRET,
		});
		await deliver();
		const [line] = told();
		for (const detail of [
			'from 127.0.0.1',
			`${body.length} bytes`,
			'content type application/json',
			'created at 2025-01-15T10:30:00Z',
			"signed with the credential's previous signing secret",
		]) {
			expect(line).toContain(detail);
		}
	});

	it.each<[string, IDataObject, RegExp]>([
		[
			'a time and a live mode that are none',
			{ created_at: { toString: 1 }, livemode: [] },
			/; created at an unknown time; live mode unknown; signed with the credential's signing secret /,
		],
		[
			'no time and no live mode',
			{ created_at: undefined, livemode: undefined },
			/; created at an unknown time; live mode unknown; /,
		],
	])('%s are no reason to refuse an event', async (_, fields, line) => {
		options({ debug: true });
		const odd = JSON.stringify({ ...eventOf('evt_1'), ...fields });
		await deliver(sign(Buffer.from(odd), SECRET), odd);
		expect(told()).toEqual([expect.stringMatching(line)]);
		expect(host.executions).toHaveLength(1);
	});

	it('a credential that cannot be read a second time is no reason to refuse an event', async () => {
		options({ debug: true });
		let reads = 0;
		Object.defineProperty(host.setup, 'credential', {
			get: () => {
				if (reads++ > 0) throw new Error('database is locked');
				return { signingSecret: SECRET };
			},
		});
		await deliver();
		expect(told()).toEqual([
			expect.stringMatching(/accepted.*; signed with a secret that cannot be named/),
		]);
		expect(host.executions).toHaveLength(1);
	});

	it('a registration and its removal have a line, which without it only n8n at "debug" has', async () => {
		const simulator = await startSimulator();
		const { apiKey, baseUrl } = simulator;
		host.setup.credential = { apiKey, environment: 'custom', baseUrl };
		await host.publish();
		const [{ id } = { id: '' }] = simulator.webhooks();
		expect(told()).toEqual([
			expect.stringMatching(new RegExp(`^debug .*: webhook ${id} for ${host.url}: created \\[`)),
		]);
		options({ debug: true });
		await host.unpublish();
		expect(told()[1]).toMatch(new RegExp(`^info .*: removed ${id} \\[`));
		await simulator.close();
	});

	it('nothing in the log is a secret, a signature or what an event carries', async () => {
		const [current, previous] = ['zq-81-current', 'zq-82-previous'];
		host.setup.credential = { signingSecret: current, previousSigningSecret: previous };
		const signatures = [current, previous, 'zq-83-another'].map((key) =>
			sign(Buffer.from(body), key),
		);
		options({ debug: true, allowedIps: '127.0.0.1' });
		for (const signature of [...signatures, 'zq-nonsense', '']) await deliver(signature);
		await deliver(sign(Buffer.from('["zq"]'), current), '["zq"]');
		options({ debug: true, minimumConfidence: 0.9 });
		await deliver(signatures[0]);
		expect(host.log).toHaveLength(7);
		const log = JSON.stringify(host.log);
		for (const kept of ['zq', PAYLOAD, ...signatures.map((signature) => signature.slice(-12))]) {
			expect(log).not.toContain(kept);
		}
	});
});

describe('a log that fails', () => {
	it('keeps nobody from the answer, and no event from being known', async () => {
		Object.defineProperty(host, 'log', {
			get: () => {
				throw new Error('disk full');
			},
		});
		expect([await deliver(), await deliver()]).toEqual([200, 200]);
		expect(host.executions).toHaveLength(1);
	});
});
