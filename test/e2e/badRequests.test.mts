import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { TestEnvironment } from '../../dev/testEnvironment/testEnvironment.mts';
import { startHeadlessEnvironment } from '../support/headlessEnvironment.mts';
import { sign } from '../../nodes/shared/signature.ts';
import { BAD_REQUESTS, event } from '../support/badRequests.mts';
import { sendRaw, type RawRequest } from '../support/sendRaw.mts';
import { createTriggerWorkflow } from '../../dev/testEnvironment/triggerWorkflow.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const ID = 'bad-requests';
const MAX_BODY_MIB = 1;
let environment: TestEnvironment;
let url: string;
let secret: string;
let pid: number | undefined;

dumpOnFailure(() => environment);

beforeAll(async () => {
	environment = await startHeadlessEnvironment({
		n8n: {
			workflows: [createTriggerWorkflow(ID, { events: ['session.completed'] })],
			// As in n8n's Docker image. Otherwise n8n's own errors contain a stack.
			env: { N8N_PAYLOAD_SIZE_MAX: String(MAX_BODY_MIB), NODE_ENV: 'production' },
		},
	});
	await environment.n8n.workflows.publish(ID);
	({ url, secret } = environment.simulator.webhooks()[0]!);
	pid = environment.n8n.pid;
});
afterAll(async () => await environment?.close());

const createValidRequest = (change: object): RawRequest => {
	const body = Buffer.from(JSON.stringify({ ...event, ...change }));
	const headers = [
		'Content-Type',
		'application/json',
		'X-MindPeeker-Signature',
		sign(body, secret),
	];
	return { headers, body };
};

/** Expects no secret, signature or stack in the text. */
function expectNoLeak(text: string): void {
	expect(text).not.toContain(secret);
	expect(text).not.toMatch(/sha256=|[0-9a-f]{64}/);
	expect(text).not.toMatch(/\n\s+at |node_modules|\.[jt]s:\d+/);
}

describe('an invalid request to a real n8n is rejected', () => {
	it.each(BAD_REQUESTS.map((bad) => [bad.name, bad] as const))(
		'%s',
		async (_, { build, response, n8nStatus }) => {
			const { status, text } = await sendRaw(url, build(secret));
			expectNoLeak(text);
			if (n8nStatus === undefined) expect({ status, text }).toEqual(response);
			else expect(status).toBe(n8nStatus);
		},
	);

	it('a body that is too large for n8n', async () => {
		const large = createValidRequest({ text: 'x'.repeat(MAX_BODY_MIB * 1024 * 1024) });
		const { status, text } = await sendRaw(url, large);
		expectNoLeak(text);
		expect(status).toBe(500);
	});

	it('headers that are too large for Node.js', async () => {
		const large = createValidRequest({});
		const { status } = await sendRaw(url, {
			...large,
			headers: [...large.headers, 'X', 'x'.repeat(20_000)],
		});
		expect(status).toBe(431);
	});

	it('a valid event on the path of the other choice of Acknowledge', async () => {
		const response = await sendRaw(`${url}-finished`, createValidRequest({}));
		expect(response).toEqual({ status: 404, text: 'Not found' });
	});

	it('a valid event on an unknown path', async () => {
		const { status } = await sendRaw(`${url}-other`, createValidRequest({}));
		expect(status).toBe(404);
	});

	it('a request that is aborted during the body', async () => {
		const { hostname, port, pathname } = new URL(url);
		const { headers, body } = createValidRequest({});
		const socket = connect(Number(port), hostname);
		const headerLines = headers.flatMap((name, index) =>
			index % 2 ? [] : [`${name}: ${headers[index + 1]}`],
		);
		socket.write(
			[
				`POST ${pathname} HTTP/1.1`,
				`Host: ${hostname}`,
				`Content-Length: ${body.length}`,
				...headerLines,
				'',
				body.subarray(0, 100).toString(),
			].join('\r\n'),
		);
		await new Promise((resolve) => setTimeout(resolve, 300));
		socket.destroy();
	});

	it('afterwards n8n is running, has started no execution, and accepts a valid event', async () => {
		expect(await environment.n8n.executions.list()).toEqual([]);
		expect(environment.n8n.pid).toBe(pid);
		expect(await sendRaw(url, createValidRequest({ id: 'evt_good' }))).toEqual({
			status: 200,
			text: 'OK',
		});
		const timeoutMs = 30_000;
		const ended = await environment.n8n.executions.waitFor({ workflowId: ID, count: 1, timeoutMs });
		expect(ended).toMatchObject([{ status: 'success' }]);
	});

	it('no log line contains a secret or a signature', () => {
		const lines = environment.n8n.log.filter((line) => line.includes('MindPeeker Trigger:'));
		expect(lines.length).toBeGreaterThan(20);
		expectNoLeak(lines.join(' '));
		expect(lines.join(' ')).not.toContain('sess_1');
	});
});
