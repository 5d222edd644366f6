import { readdirSync, readFileSync } from 'node:fs';
import type { IDataObject, INode, INodeProperties } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { MindPeeker } from '../../nodes/MindPeeker/MindPeeker.node.ts';
import { MindPeekerTrigger } from '../../nodes/MindPeekerTrigger/MindPeekerTrigger.node.ts';
import { toOutputs } from '../../nodes/MindPeekerTrigger/outputs.ts';
import { sign } from '../../nodes/shared/signature.ts';
import { startSimulator, type Simulator } from '../../simulator/index.mts';
import { createWebhook } from '../support/api.mts';
import { createEvent } from './harness/deliver.mts';
import { executeTrigger, store } from './harness/deduplicationStore.mts';
import { NodeHost, WORKFLOW_ID } from './harness/nodeHost.mts';
import { TriggerHost } from './harness/triggerHost.mts';

const FOLDER = new URL('releases/', import.meta.url);
const NODES = [new MindPeekerTrigger(), new MindPeeker()].map(({ description }) => description);

/** Reads data that a release stored in n8n. */
function readStored<T>(release: string, file: string): T {
	return JSON.parse(readFileSync(new URL(`${release}/${file}.json`, FOLDER), 'utf8')) as T;
}

/** Returns the paths of parameters that no longer exist or have a value that no longer exists. */
function findMissing(
	parameters: IDataObject,
	properties: INodeProperties[],
	isVisible = (_property: INodeProperties) => true,
): string[] {
	return Object.entries(parameters).flatMap(([name, value]) => {
		const property = properties.find((it) => it.name === name && isVisible(it));
		if (!property) return [name];
		const inner = (property.options ?? []).flatMap((option) =>
			'values' in option ? option.values : 'type' in option ? [option] : [],
		);
		if (property.type === 'collection') {
			return findMissing(value as IDataObject, inner).map((path) => `${name}.${path}`);
		}
		if (property.type === 'fixedCollection') {
			const groups = Object.values(value as IDataObject).flat() as IDataObject[];
			return groups.flatMap((group) => findMissing(group, inner)).map((path) => `${name}.${path}`);
		}
		if (!/^(options|multiOptions)$/.test(property.type)) return [];
		const values = (property.options ?? []).flatMap((it) => ('value' in it ? it.value : []));
		const missing = [value].flat().filter((it) => !values.includes(it as string));
		return missing.map((it) => `${name} = ${String(it)}`);
	});
}

/** Returns the options of each parameter, by operation and parameter path. */
function getChoices(properties: INodeProperties[], parentPath: string[]): Record<string, string[]> {
	const choices: Record<string, string[]> = {};
	for (const { name, type, options = [], displayOptions } of properties) {
		const { resource = [], operation = [] } = displayOptions?.show ?? {};
		const path = [...parentPath, ...resource, ...operation, name] as string[];
		const inner = options.flatMap((option) =>
			'values' in option ? option.values : 'type' in option ? [option] : [],
		);
		Object.assign(choices, getChoices(inner, path));
		if (!/^(options|multiOptions)$/.test(type)) continue;
		choices[path.join('.')] = options.flatMap((it) => ('value' in it ? String(it.value) : []));
	}
	return choices;
}

describe.each(readdirSync(FOLDER))('data of release %s', (release) => {
	let simulator: Simulator;
	let host: TriggerHost;

	beforeEach(async () => {
		store.reset();
		simulator = await startSimulator();
	});
	afterEach(async () => {
		await host?.stop();
		await simulator.close();
	});

	it.each(
		readStored<INode[]>(release, 'nodes').map((node) => {
			const { resource = 'trigger', operation = '' } = node.parameters;
			return [`${String(resource)} ${String(operation)}`, node] as const;
		}),
	)('the parameters and values of a saved node still exist: %s', (_name, node) => {
		const type = NODES.find(({ name }) => node.type.endsWith(`.${name}`))!;
		expect([type.version].flat()).toContain(node.typeVersion);
		const { resource, operation } = node.parameters;
		const belongsToOperation = ({ displayOptions }: INodeProperties) => {
			const { resource: resources, operation: operations } = displayOptions?.show ?? {};
			return (
				(resources?.includes(resource as string) ?? true) &&
				(operations?.includes(operation as string) ?? true)
			);
		};
		expect(
			findMissing(node.parameters as IDataObject, type.properties, belongsToOperation),
		).toEqual([]);
	});

	it.each(Object.entries(readStored<Record<string, string[]>>(release, 'values')))(
		'every value of %s still exists',
		(path, values) => {
			const choices = Object.assign(
				{},
				...NODES.map(({ name, properties }) => getChoices(properties, [name])),
			) as Record<string, string[]>;
			expect(choices[path]).toEqual(expect.arrayContaining(values));
		},
	);

	it('with All Events, each type still has the output to which users connected their nodes', () => {
		const types = readStored<Record<string, string[]>>(release, 'values')[
			'mindPeekerTrigger.events'
		]!.filter((type) => type !== '*');
		const items = types.map((type) => ({ json: { type } }));
		const settings = { events: ['*'], output: 'perEvent', simplify: false } as const;
		const outputs = toOutputs(items, settings).slice(0, types.length);
		expect(outputs.map(([item]) => item?.json.type)).toEqual(types);
	});

	it('a saved trigger can be published and starts its workflow', async () => {
		const [{ parameters }] = readStored<[INode]>(release, 'nodes');
		const credential = { signingSecret: 'correct horse' };
		host = await new TriggerHost({ parameters, credential }).start();
		await host.publish();
		const url = host.finishedUrl;
		const event = {
			...createEvent('evt_1'),
			created_at: new Date().toISOString(),
			livemode: false,
		};
		expect(await deliverSigned('correct horse', event, url)).toBe(200);
		expect(host.executions).toEqual([[{ json: event }]]);
	});

	it('a webhook that Create or Update created is kept', async () => {
		store.reset(WORKFLOW_ID);
		store.entries = readStored<string[]>(release, 'nodeRecords');
		const webhook = { id: 'wh_1', url: 'http://127.0.0.1:9/', events: ['session.completed'] };
		simulator.faults.add({ on: 'api', kind: 'response', status: 200, body: [webhook] });
		const node = new NodeHost(simulator);
		const secret = { secretSource: 'entered', secret: 'correct horse' };
		expect(await node.json('webhook.upsert', { ...webhook, ...secret })).toMatchObject([
			{ id: 'wh_1', change: 'none' },
		]);
	});

	/** Starts a trigger with stored static data, and creates its webhook in MindPeeker. */
	async function startWithStaticData(kind: string, signingSecret?: string): Promise<void> {
		host = await new TriggerHost({
			parameters: { events: ['session.completed'] },
			credential: {
				apiKey: simulator.apiKey,
				environment: 'custom',
				baseUrl: simulator.baseUrl,
				signingSecret,
			},
		}).start();
		const id = await createWebhook(simulator, host.url, ['session.completed']);
		const stored = JSON.stringify(
			readStored<Record<string, IDataObject>>(release, 'staticData')[kind],
		);
		host.savedStaticData = JSON.parse(stored.replace('wh_1', id)) as IDataObject;
	}

	async function deliverSigned(secret: string, event: object, url = host.url): Promise<number> {
		const body = JSON.stringify(event);
		const headers = { 'X-MindPeeker-Signature': sign(Buffer.from(body), secret) };
		return (await fetch(url, { method: 'POST', headers, body })).status;
	}

	it('the generated secret and a former one are still valid, and the webhook is kept', async () => {
		await startWithStaticData('withSecretOfItsOwn');
		const { registration, formerSecrets } = host.savedStaticData['node:MindPeeker Trigger'] as {
			registration: { generatedSecret: string };
			formerSecrets: Array<{ secret: string }>;
		};
		expect(await host.run('checkExists')).toBe(true);
		expect(await deliverSigned(registration.generatedSecret, createEvent('evt_1'))).toBe(200);
		expect(await deliverSigned(formerSecrets[0]!.secret, createEvent('evt_2'))).toBe(200);
		expect(host.executions).toHaveLength(2);
	});

	it("the digest of the credential's secret still matches, and the webhook is kept", async () => {
		await startWithStaticData('withSecretOfTheCredential', 'correct horse');
		expect(await host.run('checkExists')).toBe(true);
		expect(await deliverSigned('correct horse', createEvent('evt_1'))).toBe(200);
	});

	it('the webhook is removed when the workflow is unpublished', async () => {
		await startWithStaticData('withSecretOfItsOwn');
		await host.unpublish();
		expect(simulator.webhooks()).toEqual([]);
	});

	it('a recorded event is still a duplicate', async () => {
		await startWithStaticData('withSecretOfItsOwn');
		store.entries = readStored<string[]>(release, 'records');
		const item = (id: string) => ({ json: createEvent(id) });
		expect(await executeTrigger(host, '8', [item('evt_1')])).toEqual([[]]);
		expect((await executeTrigger(host, '9', [item('evt_2')])).flat()).toHaveLength(1);
		expect((await executeTrigger(host, '7', [item('evt_1')])).flat()).toHaveLength(1);
	});
});
