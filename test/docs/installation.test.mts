import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startN8n, type N8n } from '../../dev/lab/index.mts';
import { freePorts } from '../../dev/lab/ports.mts';
import { createCredential, prepareN8n } from '../../dev/testEnvironment/testEnvironment.mts';
import { createTriggerWorkflow } from '../../dev/testEnvironment/triggerWorkflow.mts';
import { startSimulator, type Simulator } from '../../simulator/index.mts';
import { DISABLED_MODULES } from '../support/headlessEnvironment.mts';
import { NpmRegistry } from '../support/npmRegistry.mts';
import * as page from './harness/installationPage.mts';
import { readPage } from './harness/pages.mts';

const { NAME, VERSION } = page;
const INSTALLED = `Installed community package '${NAME}@${VERSION}' from env`;
const EARLIER_VERSION = '0.0.9';
const [ALLOWED, STRANGER] = ['203.0.113.9', '198.51.100.1'];
/** Node.js does not pass such a variable on. */
const UNSET = undefined as unknown as string;
const UNMANAGED = { N8N_COMMUNITY_PACKAGES_MANAGED_BY_ENV: 'false' };

let registry: NpmRegistry;
let simulator: Simulator;
let n8n: N8n;
let [checksum, earlierChecksum] = ['', ''];

const createList = (version: string, checksumInList?: string) => ({
	N8N_COMMUNITY_PACKAGES: JSON.stringify([{ name: NAME, version, checksum: checksumInList }]),
});

/** Sends the documented request to the trigger. */
const checkWebhook = async () =>
	await page.run('curl', registry.env, `${n8n.url}/webhook/open-webhook/mindpeeker`);

/** The status of a request to the trigger that allows one address. It is 401 if the address is allowed. */
async function statusFor(forwardedFor: string): Promise<number> {
	const url = `${n8n.url}/webhook/restricted-webhook/mindpeeker`;
	return (await fetch(url, { method: 'POST', headers: { 'X-Forwarded-For': forwardedFor } }))
		.status;
}

const listPackages = async () => await n8n.rest.request('GET', '/community-packages');
const install = async (name: string) =>
	await n8n.rest.request('POST', '/community-packages', { name });
const expectInLog = (text: string) => expect(n8n.log.join('\n')).toContain(text);

// The tests share one n8n and run in order.
beforeAll(async () => {
	const { installation, packages } = await prepareN8n();
	registry = await new NpmRegistry().start();
	earlierChecksum = await registry.publishAs(EARLIER_VERSION, packages[0]!);
	checksum = await registry.publishAs(VERSION, packages[0]!);
	simulator = await startSimulator({ timeFactor: 1_000 });
	const [port = 0] = await freePorts(1);
	n8n = await startN8n({
		installation,
		port,
		editor: false,
		env: {
			...registry.env,
			N8N_DISABLED_MODULES: DISABLED_MODULES.join(),
			WEBHOOK_URL: UNSET,
			...page.readVariables(page.WITH_LIST, { address: `http://localhost:${port}`, checksum }),
		},
		credentials: [createCredential(simulator)],
		workflows: [
			createTriggerWorkflow('open', { events: ['session.completed'] }),
			createTriggerWorkflow('restricted', { events: ['*'], options: { allowedIps: ALLOWED } }),
		],
	});
});

afterAll(async () => {
	await n8n?.stop();
	await simulator?.close();
	await registry?.stop();
});

describe(`${page.WITH_LIST?.location} in a real n8n`, () => {
	it('installs the package, and n8n logs the documented line', async () => {
		expect(await listPackages()).toMatchObject([{ packageName: NAME, installedVersion: VERSION }]);
		expectInLog(INSTALLED);
		expect(readPage(page.PAGE)).toContain(INSTALLED);
	});

	it('needs the documented hosts only', () => {
		expect([...registry.requestedHosts].sort()).toEqual(['api.n8n.io', 'registry.npmjs.org']);
		expect(readPage(page.PAGE)).toMatch(/`registry\.npmjs\.org`.*`api\.n8n\.io`/);
	});

	it('makes the settings page read-only', async () => {
		await expect(install(NAME)).rejects.toThrow('managed via environment variables');
	});

	it(`includes ${page.FOR_UPDATE?.location}, so that n8n does not warn about n8n 3`, () => {
		expect(n8n.log.filter((line) => /(PACKAGES_ENABLED|WEBHOOK_URL) ->/.test(line))).toEqual([]);
		expect(page.WITH_LIST?.text.split('\n')).toEqual(
			expect.arrayContaining(page.FOR_UPDATE!.text.split('\n')),
		);
	});

	it('lets a published trigger receive events', async () => {
		expect(await checkWebhook()).toContain('is not registered');
		await n8n.workflows.publish('open');
		expect(await checkWebhook()).toBe('Invalid signature');
		expect(simulator.webhooks()[0]?.url.startsWith(`${n8n.url}/`)).toBe(true);
		const { event } = simulator.emit('session.completed');
		expect(await simulator.waitForDelivery(event.id)).toMatchObject({ state: 'delivered' });
	});

	it('lets n8n see the address that the proxy saw', async () => {
		await n8n.workflows.publish('restricted');
		expect(await statusFor(ALLOWED)).toBe(401);
		expect(await statusFor(`${ALLOWED}, ${STRANGER}`)).toBe(403);
	});
});

describe('a new container', () => {
	it('installs the package again', async () => {
		rmSync(join(n8n.userFolder, '.n8n/nodes'), { recursive: true });
		await n8n.restart({ N8N_PROXY_HOPS: '2' });
		expect(await checkWebhook()).toBe('Invalid signature');
	});

	it('accepts an address that the sender claims, if the number of proxies is too high', async () => {
		expect(await statusFor(`${ALLOWED}, ${STRANGER}`)).toBe(401);
	});
});

describe('while the package is not loaded', () => {
	it('the documented request shows why, and unpublishing leaves the webhook', async () => {
		await n8n.restart({
			...UNMANAGED,
			N8N_COMMUNITY_PACKAGES_PREVENT_LOADING: 'true',
			N8N_REINSTALL_MISSING_PACKAGES: 'false',
		});
		expect(await checkWebhook()).toContain('Unrecognized node type');
		await n8n.workflows.unpublish('restricted');
		expect(simulator.webhooks()).toHaveLength(2);
	});
});

describe('a changed list', () => {
	it('replaces the installed version, and the workflow stays published', async () => {
		const env = { N8N_PROXY_HOPS: '0', N8N_UNVERIFIED_PACKAGES_ENABLED: 'false' };
		await n8n.restart({ ...createList(EARLIER_VERSION, earlierChecksum), ...env });
		expect(await listPackages()).toMatchObject([{ installedVersion: EARLIER_VERSION }]);
		expect(await checkWebhook()).toBe('Invalid signature');
	});

	it('lets n8n see the address of the proxy only, if the number of proxies is too low', async () => {
		await n8n.workflows.publish('restricted');
		expect(await statusFor(ALLOWED)).toBe(403);
	});

	it('does not install a version with another checksum', async () => {
		await n8n.restart(createList(VERSION, earlierChecksum));
		expectInLog('Failed to verify package checksum');
		expect(await listPackages()).toMatchObject([{ installedVersion: EARLIER_VERSION }]);
	});

	it('stops n8n if a checksum is missing and unverified packages are off', async () => {
		const env = { N8N_UNVERIFIED_PACKAGES_ENABLED: 'false' };
		const start = n8n.restart({ ...createList('9.9.9'), ...env });
		await expect(start).rejects.toThrow('n8n exited during its start');
		expectInLog('no checksum available');
	});

	it('uninstalls the package if the list does not have it', async () => {
		await n8n.restart({ N8N_COMMUNITY_PACKAGES: '[]' });
		expect(await listPackages()).toEqual([]);
		expectInLog('not declared in N8N_COMMUNITY_PACKAGES');
	});
});

describe(`${page.FOR_N8N_1?.location} and the settings page`, () => {
	it('install the package, and an earlier version instead', async () => {
		const examples = { address: n8n.url.replace('localhost', '127.0.0.1'), checksum };
		const variables = page.readVariables(page.FOR_N8N_1, examples);
		await n8n.restart({ ...UNMANAGED, N8N_WEBHOOK_URL: UNSET, ...variables });
		await install(NAME);
		expect(await listPackages()).toMatchObject([{ installedVersion: VERSION }]);
		await n8n.rest.request('DELETE', `/community-packages?name=${NAME}`);
		await install(`${NAME}@${EARLIER_VERSION}`);
		expect(await listPackages()).toMatchObject([{ installedVersion: EARLIER_VERSION }]);
		expect(await checkWebhook()).toBe('Invalid signature');
	});

	it('let the trigger register the address in WEBHOOK_URL', async () => {
		await n8n.workflows.unpublish('open');
		await n8n.workflows.publish('open');
		expect(simulator.webhooks().at(-1)?.url).toMatch(/^http:\/\/127\.0\.0\.1/);
	});
});

it("npm shows the package's checksum", async () => {
	expect((await page.run('npm view', registry.env)).trim()).toBe(checksum);
});
