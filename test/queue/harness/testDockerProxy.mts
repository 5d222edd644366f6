import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { DockerProxy } from '../../../dev/testEnvironment/dockerProxy.mts';
import { findMissingProgram } from '../../../dev/testEnvironment/documentedPrograms.mts';
import { createTriggerWorkflow } from '../../../dev/testEnvironment/triggerWorkflow.mts';
import { sign } from '../../../nodes/shared/signature.ts';
import { describeIf, waitFor } from '../../support/jest.mts';
import { sendRaw } from '../../support/sendRaw.mts';
import { MODES, type QueueRun } from './queueRun.mts';

const WORKFLOW = 'docker';
const ALLOWED = '127.0.0.2';
const STRANGER = '127.0.0.3';

/** Tests docker/Caddyfile in front of n8n in queue mode, after events were delivered through it. */
export function testDockerProxy(queueRun: QueueRun): void {
	describeIf(!findMissingProgram('caddy'))('with docker/Caddyfile (apt-get install caddy)', () => {
		let proxy: DockerProxy;

		beforeAll(async () => {
			proxy = await DockerProxy.start(queueRun.environment.n8n);
			const options = { allowedIps: ALLOWED, sendTestEvent: false };
			const { workflows } = queueRun.environment.n8n.main;
			await workflows.import(
				createTriggerWorkflow(WORKFLOW, { events: ['session.completed'], options }),
			);
			await workflows.publish(WORKFLOW);
		});
		afterAll(async () => await proxy?.stop());

		/** Sends a signed event from an address. Returns the status of the response. */
		const deliver = async (id: string, localAddress: string, headers: string[] = []) => {
			const { webhooks } = queueRun.environment.simulator;
			const { url, secret } = webhooks().find((webhook) => webhook.url.includes(`/${WORKFLOW}-`))!;
			const body = Buffer.from(
				`{"id":"${id}",  "type":"session.completed", "note":"\\u00e4ä"}\r\n`,
			);
			const signature = ['X-MindPeeker-Signature', sign(body, secret)];
			const response = await sendRaw(proxy.url + new URL(url).pathname, {
				headers: ['Content-Type', 'application/json', ...signature, ...headers],
				body,
				localAddress,
			});
			return response.status;
		};
		/** For the main process and each webhook process. */
		const countInLogs = (pattern: RegExp) => {
			const { main, webhookProcesses } = queueRun.environment.n8n;
			const logs = [main.log, ...webhookProcesses.map(({ process }) => process.log)];
			return logs.map((log) => log.filter((line) => pattern.test(line)).length);
		};

		it('both webhook processes get deliveries, and the main process none', () => {
			const [main, ...webhookProcesses] = countInLogs(
				new RegExp(`accepted: .* \\((${MODES.join('|')})\\)`),
			);
			expect(main).toBe(0);
			for (const count of webhookProcesses) expect(count).toBeGreaterThan(0);
		});

		it('the main process gets deliveries to test webhooks', async () => {
			const send = async (origin: string) =>
				await (await fetch(`${origin}/webhook-test/unknown`, { method: 'POST' })).text();
			const { main, webhookProcesses } = queueRun.environment.n8n;
			expect(await send(proxy.url)).toBe(await send(main.url));
			expect(await send(proxy.url)).not.toBe(await send(webhookProcesses[0]!.url));
		});

		it('by default, all deliveries of a trigger reach one webhook process, with unchanged bytes', async () => {
			const ids = [1, 2, 3, 4, 5, 6].map((number) => `evt_docker_${number}`);
			for (const id of ids) expect(await deliver(id, ALLOWED)).toBe(200);
			await waitFor(() =>
				expect(countInLogs(/accepted: .* evt_docker_\d/).sort()).toEqual([0, 0, ids.length]),
			);
		});

		it('n8n sees the sender, and no address that the sender claims', async () => {
			expect(await deliver('evt_docker_stranger', STRANGER)).toBe(403);
			for (const header of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP']) {
				const claim = [header, header === 'Forwarded' ? `for=${ALLOWED}` : ALLOWED];
				expect(await deliver('evt_docker_forged', STRANGER, claim)).toBe(403);
			}
		});
	});
}
