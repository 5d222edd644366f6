import { readdirSync, readFileSync } from 'node:fs';
import type { IDataObject, INode, INodeProperties } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { MindPeeker } from '../../nodes/MindPeeker/MindPeeker.node.ts';
import { MindPeekerTrigger } from '../../nodes/MindPeekerTrigger/MindPeekerTrigger.node.ts';
import { sign } from '../../nodes/shared/signature.ts';
import { startSimulator, type Simulator } from '../../simulator/index.mts';
import { register } from '../support/api.mts';
import { eventOf } from './harness/deliver.mts';
import { execute, store } from './harness/executionsOf.mts';
import { NodeHost, WORKFLOW_ID } from './harness/nodeHost.mts';
import { TriggerHost } from './harness/triggerHost.mts';

const FOLDER = new URL('releases/', import.meta.url);
const NODES = [new MindPeekerTrigger(), new MindPeeker()].map(({ description }) => description);

/** What that release left in n8n. */
function leftBy<T>(release: string, file: string): T {
	return JSON.parse(readFileSync(new URL(`${release}/${file}.json`, FOLDER), 'utf8')) as T;
}

/** The parameters, with the path to each, that are not on the screen any more, or have a value that is not. */
function notOffered(
	parameters: IDataObject,
	properties: INodeProperties[],
	isOnScreen = (_property: INodeProperties) => true,
): string[] {
	return Object.entries(parameters).flatMap(([name, value]) => {
		const property = properties.find((one) => one.name === name && isOnScreen(one));
		if (!property) return [name];
		const inner = (property.options ?? []).flatMap((option) =>
			'values' in option ? option.values : 'type' in option ? [option] : [],
		);
		if (property.type === 'collection') {
			return notOffered(value as IDataObject, inner).map((path) => `${name}.${path}`);
		}
		if (property.type === 'fixedCollection') {
			const groups = Object.values(value as IDataObject).flat() as IDataObject[];
			return groups.flatMap((group) => notOffered(group, inner)).map((path) => `${name}.${path}`);
		}
		if (!/^(options|multiOptions)$/.test(property.type)) return [];
		const offered = (property.options ?? []).flatMap((it) => ('value' in it ? it.value : []));
		const gone = [value].flat().filter((one) => !offered.includes(one as string));
		return gone.map((one) => `${name} = ${String(one)}`);
	});
}

/** The values that the screen lets choose from, by the operation and the path of the parameter. */
function choicesOf(properties: INodeProperties[], above: string[]): Record<string, string[]> {
	const choices: Record<string, string[]> = {};
	for (const { name, type, options = [], displayOptions } of properties) {
		const { resource = [], operation = [] } = displayOptions?.show ?? {};
		const path = [...above, ...resource, ...operation, name] as string[];
		const inner = options.flatMap((option) =>
			'values' in option ? option.values : 'type' in option ? [option] : [],
		);
		Object.assign(choices, choicesOf(inner, path));
		if (!/^(options|multiOptions)$/.test(type)) continue;
		choices[path.join('.')] = options.flatMap((it) => ('value' in it ? String(it.value) : []));
	}
	return choices;
}

describe.each(readdirSync(FOLDER))('what release %s left in n8n', (release) => {
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
		leftBy<INode[]>(release, 'nodes').map((node) => {
			const { resource = 'trigger', operation = '' } = node.parameters;
			return [`${String(resource)} ${String(operation)}`, node] as const;
		}),
	)('every parameter of a saved node is still offered, with its value: %s', (_name, node) => {
		const type = NODES.find(({ name }) => node.type.endsWith(`.${name}`))!;
		expect([type.version].flat()).toContain(node.typeVersion);
		const { resource, operation } = node.parameters;
		const isOfOperation = ({ displayOptions }: INodeProperties) => {
			const { resource: resources, operation: operations } = displayOptions?.show ?? {};
			return (
				(resources?.includes(resource as string) ?? true) &&
				(operations?.includes(operation as string) ?? true)
			);
		};
		expect(notOffered(node.parameters as IDataObject, type.properties, isOfOperation)).toEqual([]);
	});

	it.each(Object.entries(leftBy<Record<string, string[]>>(release, 'values')))(
		'every value that a workflow may have for %s is still offered',
		(path, values) => {
			const offered = Object.assign(
				{},
				...NODES.map(({ name, properties }) => choicesOf(properties, [name])),
			) as Record<string, string[]>;
			expect(offered[path]).toEqual(expect.arrayContaining(values));
		},
	);

	it('a saved trigger is published, and starts its workflow', async () => {
		const [{ parameters }] = leftBy<[INode]>(release, 'nodes');
		const credential = { signingSecret: 'correct horse' };
		host = await new TriggerHost({ parameters, credential }).start();
		await host.publish();
		const url = host.urlOfFinished;
		const event = { ...eventOf('evt_1'), created_at: new Date().toISOString(), livemode: false };
		expect(await statusUnder('correct horse', event, url)).toBe(200);
		expect(host.executions).toEqual([[{ json: event }]]);
	});

	it('a webhook that Create or Update made, and remembered, is kept', async () => {
		store.reset(WORKFLOW_ID);
		store.entries = leftBy<string[]>(release, 'nodeRecords');
		const webhook = { id: 'wh_1', url: 'http://127.0.0.1:9/', events: ['session.completed'] };
		simulator.faults.add({ on: 'api', kind: 'answer', status: 200, body: [webhook] });
		const node = new NodeHost(simulator);
		const secret = { secretSource: 'entered', secret: 'correct horse' };
		expect(await node.json('webhook.upsert', { ...webhook, ...secret })).toMatchObject([
			{ id: 'wh_1', change: 'none' },
		]);
	});

	/** The trigger as it is after an update, with its webhook at MindPeeker as it was left. */
	async function updated(kind: string, signingSecret?: string): Promise<void> {
		host = await new TriggerHost({
			parameters: { events: ['session.completed'] },
			credential: {
				apiKey: simulator.apiKey,
				environment: 'custom',
				baseUrl: simulator.baseUrl,
				signingSecret,
			},
		}).start();
		const id = await register(simulator, host.url, ['session.completed']);
		const left = JSON.stringify(leftBy<Record<string, IDataObject>>(release, 'staticData')[kind]);
		host.savedStaticData = JSON.parse(left.replace('wh_1', id)) as IDataObject;
	}

	async function statusUnder(secret: string, event: object, url = host.url): Promise<number> {
		const body = JSON.stringify(event);
		const headers = { 'X-MindPeeker-Signature': sign(Buffer.from(body), secret) };
		return (await fetch(url, { method: 'POST', headers, body })).status;
	}

	it('its own secret, and a former one, still verify, and its webhook is kept', async () => {
		await updated('withSecretOfItsOwn');
		const { registration, formerSecrets } = host.savedStaticData['node:MindPeeker Trigger'] as {
			registration: { generatedSecret: string };
			formerSecrets: Array<{ secret: string }>;
		};
		expect(await host.run('checkExists')).toBe(true);
		expect(await statusUnder(registration.generatedSecret, eventOf('evt_1'))).toBe(200);
		expect(await statusUnder(formerSecrets[0]!.secret, eventOf('evt_2'))).toBe(200);
		expect(host.executions).toHaveLength(2);
	});

	it("the digest of the credential's secret is recognised, and its webhook is kept", async () => {
		await updated('withSecretOfTheCredential', 'correct horse');
		expect(await host.run('checkExists')).toBe(true);
		expect(await statusUnder('correct horse', eventOf('evt_1'))).toBe(200);
	});

	it('its webhook is removed when the workflow is unpublished', async () => {
		await updated('withSecretOfItsOwn');
		await host.unpublish();
		expect(simulator.webhooks()).toEqual([]);
	});

	it('an event that it recorded does not start a workflow again', async () => {
		await updated('withSecretOfItsOwn');
		store.entries = leftBy<string[]>(release, 'records');
		const item = (id: string) => ({ json: eventOf(id) });
		expect(await execute(host, '8', [item('evt_1')])).toEqual([[]]);
		expect((await execute(host, '9', [item('evt_2')])).flat()).toHaveLength(1);
		expect((await execute(host, '7', [item('evt_1')])).flat()).toHaveLength(1);
	});
});
