import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Stage } from '../../dev/testEnvironment/stage.mts';
import { setTestStage } from '../support/testStage.mts';
import { sign } from '../../nodes/shared/signature.ts';
import { BAD_REQUESTS, event } from '../support/badRequests.mts';
import { sendRaw, type RawRequest } from '../support/sendRaw.mts';
import { workflowWith } from '../../dev/testEnvironment/workflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const ID = 'bad-requests';
const MAX_BODY_MIB = 1;
let stage: Stage;
let url: string;
let secret: string;
let pid: number | undefined;

dumpOnFailure(() => stage);

beforeAll(async () => {
	stage = await setTestStage({
		n8n: {
			workflows: [workflowWith(ID, { events: ['session.completed'] })],
			// As in n8n's own image; otherwise n8n shows where its own refusals come from.
			env: { N8N_PAYLOAD_SIZE_MAX: String(MAX_BODY_MIB), NODE_ENV: 'production' },
		},
	});
	await stage.n8n.workflows.publish(ID);
	({ url, secret } = stage.simulator.webhooks()[0]!);
	pid = stage.n8n.pid;
});
afterAll(async () => await stage?.close());

const genuine = (change: object): RawRequest => {
	const body = Buffer.from(JSON.stringify({ ...event, ...change }));
	const headers = [
		'Content-Type',
		'application/json',
		'X-MindPeeker-Signature',
		sign(body, secret),
	];
	return { headers, body };
};

/** What nobody outside may learn. */
function expectNoLeak(text: string): void {
	expect(text).not.toContain(secret);
	expect(text).not.toMatch(/sha256=|[0-9a-f]{64}/);
	expect(text).not.toMatch(/\n\s+at |node_modules|\.[jt]s:\d+/);
}

describe('a request to a real n8n that must not get in is refused', () => {
	it.each(BAD_REQUESTS.map((bad) => [bad.name, bad] as const))(
		'%s',
		async (_, { build, answer, n8nAnswers }) => {
			const { status, text } = await sendRaw(url, build(secret));
			expectNoLeak(text);
			if (n8nAnswers === undefined) expect({ status, text }).toEqual(answer);
			else expect(status).toBe(n8nAnswers);
		},
	);

	it('a body larger than n8n takes', async () => {
		const large = genuine({ text: 'x'.repeat(MAX_BODY_MIB * 1024 * 1024) });
		const { status, text } = await sendRaw(url, large);
		expectNoLeak(text);
		expect(status).toBe(500);
	});

	it('headers larger than Node takes', async () => {
		const large = genuine({});
		const { status } = await sendRaw(url, {
			...large,
			headers: [...large.headers, 'X', 'x'.repeat(20_000)],
		});
		expect(status).toBe(431);
	});

	it('a genuine one on the path that is not in use', async () => {
		const answer = await sendRaw(`${url}-finished`, genuine({}));
		expect(answer).toEqual({ status: 404, text: 'Not found' });
	});

	it('a genuine one on a path that is none', async () => {
		const { status } = await sendRaw(`${url}-other`, genuine({}));
		expect(status).toBe(404);
	});

	it('one whose sender leaves in the middle of the body', async () => {
		const { hostname, port, pathname } = new URL(url);
		const { headers, body } = genuine({});
		const socket = connect(Number(port), hostname);
		const lines = headers.flatMap((name, index) =>
			index % 2 ? [] : [`${name}: ${headers[index + 1]}`],
		);
		socket.write(
			[
				`POST ${pathname} HTTP/1.1`,
				`Host: ${hostname}`,
				`Content-Length: ${body.length}`,
				...lines,
				'',
				body.subarray(0, 100).toString(),
			].join('\r\n'),
		);
		await new Promise((resolve) => setTimeout(resolve, 300));
		socket.destroy();
	});

	it('and after all of them no execution was started, n8n lives, and a genuine one gets in', async () => {
		expect(await stage.n8n.executions.list()).toEqual([]);
		expect(stage.n8n.pid).toBe(pid);
		expect(await sendRaw(url, genuine({ id: 'evt_good' }))).toEqual({ status: 200, text: 'OK' });
		const timeoutMs = 30_000;
		const ended = await stage.n8n.executions.waitFor({ workflowId: ID, count: 1, timeoutMs });
		expect(ended).toMatchObject([{ status: 'success' }]);
	});

	it('and no line in the log has a secret or a signature', () => {
		const told = stage.n8n.log.filter((line) => line.includes('MindPeeker Trigger:'));
		expect(told.length).toBeGreaterThan(20);
		expectNoLeak(told.join(' '));
		expect(told.join(' ')).not.toContain('sess_1');
	});
});
