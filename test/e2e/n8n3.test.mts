import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/jest.mts';

import { getOutput } from '../../dev/lab/index.mts';
import { EXAMPLE_WORKFLOWS, loadExample } from '../../dev/testEnvironment/exampleWorkflows.mts';
import { ReverseProxy } from '../../dev/testEnvironment/reverseProxy.mts';
import {
	createCredential,
	type TestEnvironment,
} from '../../dev/testEnvironment/testEnvironment.mts';
import { createTriggerWorkflow, TRIGGER_NODE } from '../../dev/testEnvironment/triggerWorkflow.mts';
import { DISABLED_MODULES, startHeadlessEnvironment } from '../support/headlessEnvironment.mts';
import { dumpOnFailure } from './harness/dumpOnFailure.mts';

const PACKAGE = 'n8n-nodes-mindpeeker';
const TIMEOUT = { timeoutMs: 60_000 };
/** Hosts of this machine, under which n8n reaches the simulator. They are also the IDs of credentials and workflows. */
const BLOCKED = '127.0.0.1';
const ALLOWED_NAME = 'localhost';
const ALLOWED_ADDRESS = '0.0.0.0';
const HOSTS = [BLOCKED, ALLOWED_NAME, ALLOWED_ADDRESS];

const proxy = new ReverseProxy('/n8n');
let environment: TestEnvironment;

dumpOnFailure(() => environment);

// The tests share one n8n and run in order.
beforeAll(async () => {
	await proxy.start();
	const modules = DISABLED_MODULES.filter((module) => module !== 'breaking-changes');
	const env = {
		N8N_DISABLED_MODULES: modules.join(),
		N8N_ENDPOINT_WEBHOOK: 'hooks',
		N8N_PATH: '/n8n/',
		N8N_SSRF_ALLOWED_HOSTNAMES: ALLOWED_NAME,
		N8N_SSRF_ALLOWED_IP_RANGES: `${ALLOWED_ADDRESS}/32`,
		N8N_SSRF_PROTECTION_ENABLED: 'true',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'false',
		N8N_WEBHOOK_URL: proxy.url,
	};
	environment = await startHeadlessEnvironment({ n8n: { env }, simulator: { timeFactor: 60 } });
	const { n8n } = environment;
	proxy.setTargets(n8n.url);
	for (const host of HOSTS) {
		await n8n.credentials.import(createCredentialFor(host));
		const credentials = { mindPeekerApi: { id: host, name: host } };
		const parameters = { events: ['session.completed'] };
		await n8n.workflows.import(createTriggerWorkflow(host, parameters, credentials));
	}
	for (const name of EXAMPLE_WORKFLOWS) {
		await n8n.workflows.import({ ...loadExample(name), id: name });
	}
	await n8n.workflows.publish(ALLOWED_NAME);
});
afterAll(async () => {
	await environment?.close();
	await proxy.stop();
});

/** A credential with a host in its base URL. */
function createCredentialFor(host: string) {
	const { simulator } = environment;
	const baseUrl = simulator.baseUrl.replace('127.0.0.1', host);
	return { ...createCredential(simulator, { baseUrl }), id: host };
}

describe('N8N_WEBHOOK_URL and a path prefix', () => {
	it('are in the registered URL, which receives events', async () => {
		const { n8n, simulator } = environment;
		const url = `${proxy.url}hooks/${ALLOWED_NAME}-webhook/mindpeeker`;
		expect(simulator.webhooks()).toMatchObject([{ url }]);
		const { event } = simulator.emit('session.completed');
		const { attempts } = await simulator.waitForDelivery(event.id, TIMEOUT);
		expect(attempts).toMatchObject([{ status: 200 }]);
		await n8n.executions.waitFor({ workflowId: ALLOWED_NAME, count: 1, ...TIMEOUT });
	});
});

describe("n8n's SSRF protection", () => {
	const listen = async (host: string) =>
		await environment.n8n.workflows.listenForTestEvent(host, TRIGGER_NODE);
	const test = async (host: string) =>
		await environment.n8n.credentials.test(host, createCredentialFor(host));

	it('blocks the address in a base URL, and the error says how to allow it', async () => {
		await expect(listen(BLOCKED)).rejects.toThrow(
			/SSRF protection blocks this address.*N8N_SSRF_ALLOWED_IP_RANGES.*\/32.*N8N_SSRF_ALLOWED_HOSTNAMES/,
		);
		expect(await test(BLOCKED)).toEqual({
			status: 'Error',
			message: 'The request was blocked because it resolves to a restricted IP address',
		});
	});

	it.each([
		['N8N_SSRF_ALLOWED_IP_RANGES', ALLOWED_ADDRESS],
		['N8N_SSRF_ALLOWED_HOSTNAMES', ALLOWED_NAME],
	])('allows a host in %s, and the trigger gets a test event', async (_variable, host) => {
		expect(await test(host)).toMatchObject({ status: 'OK' });
		const execution = await (await listen(host)).received(TIMEOUT.timeoutMs);
		expect(getOutput(execution, TRIGGER_NODE)).toMatchObject([
			{ json: { type: 'session.completed', livemode: false } },
		]);
	});
});

describe("n8n's Migration Report for version 3", () => {
	async function getFindings() {
		const { report, totalWorkflows } = await environment.n8n.rest.request<{
			report: Record<'workflowResults' | 'instanceResults', Array<{ ruleId: string }>>;
			totalWorkflows: number;
		}>('POST', '/breaking-changes/report/refresh?version=v3');
		expect(totalWorkflows).toBe(EXAMPLE_WORKFLOWS.length + HOSTS.length);
		return report;
	}

	it('has no finding about the package or its workflows', async () => {
		const { workflowResults, instanceResults } = await getFindings();
		expect(workflowResults).toEqual([]);
		expect(instanceResults.map(({ ruleId }) => ruleId)).not.toContain('unverified-packages-v3');
	});

	it('has one for Always Output Data in a trigger with several outputs', async () => {
		const { nodes } = await environment.n8n.workflows.get('route-events');
		const changed = nodes.map((node) => ({
			...node,
			alwaysOutputData: node.name === TRIGGER_NODE,
		}));
		await environment.n8n.workflows.update('route-events', { nodes: changed });
		expect((await getFindings()).workflowResults).toMatchObject([
			{ ruleId: 'always-output-data-multi-output-v3', nbAffectedWorkflows: 1 },
		]);
		await environment.n8n.workflows.update('route-events', { nodes });
	});
});

describe('with N8N_UNVERIFIED_PACKAGES_ENABLED=false', () => {
	const request = async (method: string, query = '', body?: object) =>
		await environment.n8n.rest.request(method, `/community-packages${query}`, body);

	it('n8n 2.41.1 loads an installed package', async () => {
		expect(await request('GET')).toMatchObject([{ packageName: PACKAGE, failedLoading: false }]);
	});

	it('n8n does not install it in the settings', async () => {
		await request('DELETE', `?name=${PACKAGE}`);
		await expect(request('POST', '', { name: PACKAGE })).rejects.toThrow(
			'Installation of unverified community packages is forbidden!',
		);
	});

	it('n8n responds with 400 while the package is missing, and its workflow remains published', async () => {
		const { n8n, simulator } = environment;
		const { id } = simulator.emit('session.completed').event;
		await waitFor(() => {
			const [delivery] = simulator.deliveries({ eventId: id });
			expect(delivery?.attempts[0]).toMatchObject({
				status: 400,
				responseBody: expect.stringContaining(`Unrecognized node type: ${PACKAGE}`),
			});
		});
		const path = `/workflows/${ALLOWED_NAME}/publication-status`;
		expect(await n8n.rest.request('GET', path)).toMatchObject({ status: 'published' });
	});
});
