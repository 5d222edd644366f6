import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import { CREDENTIAL, credentialFor, type Stage } from '../../dev/testEnvironment/stage.mts';
import { setTestStage } from '../support/testStage.mts';
import { outputOf, type Execution } from '../../dev/lab/index.mts';
import { callApi, register } from '../support/api.mts';
import { Inbox } from '../support/inbox.mts';
import { READY_MADE, workflowOf } from '../support/readyMade.mts';
import { TRIGGER } from '../../dev/testEnvironment/workflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const TIMEOUT = { timeoutMs: 60_000 };
const inbox = new Inbox();
let stage: Stage;
let inUse: string[] = [];

dumpOnFailure(() => stage);

beforeAll(async () => {
	await inbox.start();
	// All attempts are over in 21 s; n8n may take longer than a few seconds to answer on a busy machine.
	stage = await setTestStage({ simulator: { timeFactor: 300 } });
	const withSecret = credentialFor(stage.simulator, { signingSecret: 'kept in the credential' });
	await stage.n8n.credentials.update(CREDENTIAL.mindPeekerApi.id, withSecret);
});
afterAll(async () => {
	await stage?.close();
	await inbox.stop();
});
afterEach(async () => {
	for (const id of inUse) await stage.n8n.workflows.delete(id);
	for (const { id } of stage.simulator.webhooks()) stage.simulator.removeWebhook(id);
	inUse = [];
	inbox.empty();
});

/** Imports a ready-made workflow as a user does, puts addresses in, publishes it, and gives its id. */
async function use(name: string): Promise<string> {
	const [{ id } = { id: '' }] = await stage.n8n.workflows.import(workflowOf(name, inbox.origin));
	inUse.push(id);
	await stage.n8n.workflows.publish(id);
	return id;
}

/** The executions of a workflow once so many have ended, the oldest first. */
async function executionsOf(workflowId: string, count: number): Promise<Execution[]> {
	const ended = await stage.n8n.executions.waitFor({ workflowId, count, ...TIMEOUT });
	expect(ended).toHaveLength(count);
	const ids = ended.map(({ id }) => id).sort((one, other) => Number(one) - Number(other));
	return await Promise.all(ids.map(async (id) => await stage.n8n.executions.get(id)));
}

/** A session that has results, unlike an event alone. */
async function holdSession(target: string): Promise<string> {
	const body = { type: 'remote_viewing', target, duration_minutes: 1 };
	const answer = await callApi(stage.simulator, 'POST', '/sessions', body);
	return String(answer.body.session_id);
}

/** Makes an event happen for the one webhook there is, and gives the answers to its attempts. */
async function happen(type: string, options: { id?: string; data?: object } = {}) {
	const { event, deliveryIds } = stage.simulator.emit(type, options as object);
	const isIt = ({ id }: { id: string }) => id === deliveryIds[0];
	const { attempts } = await stage.simulator.waitForDelivery(isIt, TIMEOUT);
	return { event, answers: attempts.map(({ status }) => status) };
}

const messages = () => inbox.at('/chat').map(({ text }) => String(text));
const nodesRun = ({ data }: Execution) => Object.keys(data.resultData.runData);

/** Has lost-deliveries told of an event and a webhook that nobody knows. */
async function findNothing(): Promise<void> {
	const id = await use('lost-deliveries');
	await happen('webhook.failed', { data: { webhook_id: 'wh_gone', event_id: 'evt_unknown' } });
	const [execution] = await executionsOf(id, 1);
	expect(execution?.status).toBe('success');
	expect(messages()).toHaveLength(1);
	expect(messages()[0]).toContain('could not be switched on again: ');
	expect(messages()[0]).toContain('is not in the table');
}

describe.each(READY_MADE)('%s', (name) => {
	it('uses only nodes that n8n has, in versions that it has', async () => {
		const { nodes } = workflowOf(name);
		const nodeInfos = nodes.map(({ type, typeVersion }) => ({ name: type, version: typeVersion }));
		const types = await stage.n8n.rest.request<Array<{ name: string; version: number | number[] }>>(
			'POST',
			'/node-types',
			{ nodeInfos },
		);
		expect(types).toHaveLength(nodes.length);
		for (const [index, { type, typeVersion }] of nodes.entries()) {
			expect(types[index]?.name.split('.').at(-1)).toBe(type.split('.').at(-1));
			expect([types[index]?.version].flat()).toContain(typeVersion);
		}
	});
});

describe('imported, with addresses put in, and published', () => {
	it('high-confidence-session tells of a session with its results, and not of an uncertain one', async () => {
		const id = await use('high-confidence-session');
		await happen('session.completed', { data: { confidence_score: 0.79 } });
		const session = await holdSession('The lighthouse');
		await executionsOf(id, 1);
		expect(messages()).toEqual([
			`Session ${session} is completed, with a confidence of 0.87.\nTarget: The lighthouse\nFound: urban environment, water body nearby`,
		]);
	});

	it('event-switchboard takes the branch of the event, and puts it into words', async () => {
		const id = await use('event-switchboard');
		const branches = {
			'session.completed': 'A session is completed',
			'session.failed': 'A session failed',
			'analysis.completed': 'An analysis is completed',
			'analysis.failed': 'An analysis failed',
			'dowsing.query_completed': 'A question is answered',
			'system.service_disruption': 'The service is disrupted',
		};
		for (const type of Object.keys(branches)) await happen(type);
		const executions = await executionsOf(id, Object.keys(branches).length);
		expect(executions.map(nodesRun)).toEqual(
			Object.values(branches).map((branch) => [TRIGGER, branch]),
		);
		for (const execution of executions) {
			const [, branch = ''] = nodesRun(execution);
			const text = String(outputOf(execution, branch)[0]?.json.text);
			expect(text).toMatch(/\w+ \w+/);
			expect(text).not.toMatch(/undefined|null|no \w+ given/);
		}
	});

	it('failed-payment-alert tells why, and how much', async () => {
		await use('failed-payment-alert');
		const { event } = await happen('account.payment_failed');
		await waitFor(async () => expect(await messages()).toHaveLength(1));
		expect(messages()[0]).toContain('A payment to MindPeeker failed: The card was declined.');
		expect(messages()[0]).toContain('4900 usd');
		expect(messages()[0]).toContain(event.id);
	});

	it('finished-retries is delivered again what a busy system refused, and not what it never takes', async () => {
		const id = await use('finished-retries');
		const statuses = [503, 200, 422];
		inbox.statusFor = () => statuses.shift() ?? 200;
		const mended = await happen('session.completed');
		const refused = await happen('session.completed');
		expect([mended.answers, refused.answers]).toEqual([[500, 200], [200]]);
		expect((await executionsOf(id, 3)).map(({ status }) => status)).toEqual([
			'error',
			'success',
			'success',
		]);
		expect(inbox.at('/system').map(({ event_id }) => event_id)).toEqual([
			mended.event.id,
			mended.event.id,
			refused.event.id,
		]);
	});
});

describe('the table of keep-every-event', () => {
	it('need not be there: then lost-deliveries says what it can', findNothing);

	/** The table's rows, as n8n's page for data tables gets them. */
	async function rows(): Promise<Array<Record<string, unknown>>> {
		interface List {
			data: Array<Record<string, unknown>>;
		}
		const { rest } = stage.n8n;
		const project = await rest.request<{ id: string }>('GET', '/projects/personal');
		const tables = `/projects/${project.id}/data-tables`;
		const { data } = await rest.request<List>('GET', tables);
		const table = data.find(({ name }) => name === 'MindPeeker events');
		return (await rest.request<List>('GET', `${tables}/${String(table?.id)}/rows`)).data;
	}

	it('has each event once, also one that is delivered again after a restart of n8n', async () => {
		const id = await use('keep-every-event');
		const { event, answers } = await happen('session.completed');
		expect(answers.at(-1)).toBe(200);
		await happen('session.completed', { id: event.id });
		await stage.n8n.restart();
		await happen('session.completed', { id: event.id });
		await happen('system.security_alert');
		const runs = async () => {
			const successes = { workflowId: id, status: ['success' as const] };
			const all = await stage.n8n.executions.list(successes);
			return all.filter(({ mode }) => mode === 'webhook').length;
		};
		await waitFor(async () => expect(await runs()).toBe(3));
		const kept = await rows();
		expect(kept.map(({ type }) => type).sort()).toEqual([
			'session.completed',
			'system.security_alert',
		]);
		const session = kept.find(({ event_id }) => event_id === event.id);
		expect(session).toMatchObject({ subject: event.data?.session_id, livemode: true });
		expect(JSON.parse(String(session?.data))).toEqual(event.data);
	});

	it('lets lost-deliveries carry on with the session of a lost event, its webhook on again', async () => {
		await use('keep-every-event');
		const id = await use('lost-deliveries');
		inbox.statusFor = (path) => (path === '/dead' ? 500 : 200);
		const deadId = await register(stage.simulator, `${inbox.origin}/dead`, ['session.completed']);
		const session = await holdSession('The lighthouse');
		await waitFor(async () => expect(await messages()).toHaveLength(1));
		expect(inbox.at('/dead')).toHaveLength(7);
		const lost = String(inbox.at('/dead')[0]?.id);
		expect(messages()[0]).toContain(`gave up delivering event ${lost} to ${inbox.origin}/dead`);
		expect(messages()[0]).toContain('The webhook is switched on again.');
		expect(messages()[0]).toContain(`The event was kept, session.completed ${session}.`);
		const dead = stage.simulator.webhooks().find((webhook) => webhook.id === deadId);
		expect(dead).toMatchObject({ active: true, status: 'active' });
		const [execution] = await executionsOf(id, 1);
		expect(outputOf(execution!, 'Carry on with the session').map(({ json }) => json)).toEqual([
			expect.objectContaining({ results: expect.anything() }),
		]);
	});

	it('does not know every event: then lost-deliveries says so', findNothing);
});

describe('daily-registration-check', () => {
	const hook = () => stage.simulator.webhooks().find(({ url }) => url === `${inbox.origin}/hook`);

	/** Runs it now, as "Execute workflow" from the schedule does in the editor. */
	async function runNow(id: string, count: number): Promise<void> {
		const triggerToStartFrom = { name: 'Every day' };
		await stage.n8n.rest.request('POST', `/workflows/${id}/run`, { triggerToStartFrom });
		const executions = await executionsOf(id, count);
		expect(executions.map(({ status }) => status)).toEqual(Array(count).fill('success'));
	}

	it('makes what is missing when n8n starts, mends what was paused, and is quiet when all is well', async () => {
		const id = await use('daily-registration-check');
		expect(hook()).toBeUndefined();
		await stage.n8n.restart();
		await executionsOf(id, 1);
		const events = ['session.completed', 'session.failed'];
		expect(hook()).toMatchObject({ events, active: true, secret: 'kept in the credential' });
		stage.simulator.pauseWebhook(hook()!.id);
		await runNow(id, 2);
		expect(hook()).toMatchObject({ events, active: true });
		await runNow(id, 3);
		const subject = `MindPeeker's webhook for ${inbox.origin}/hook was not as it should be, and has been`;
		expect(messages()).toEqual([`${subject} created.`, `${subject} updated.`]);
	});

	it('says so where it could not check', async () => {
		const id = await use('daily-registration-check');
		stage.simulator.faults.add({ on: 'api', kind: 'answer', status: 403, times: 1 });
		await runNow(id, 1);
		expect(messages()).toEqual([
			expect.stringMatching(/^MindPeeker's webhook for .*\/hook could not be checked: /),
		]);
	});
});
