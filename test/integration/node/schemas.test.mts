import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectFile, waitFor } from '../../support/jest.mts';

import { MindPeekerTrigger } from '../../../nodes/MindPeekerTrigger/MindPeekerTrigger.node.ts';
import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { SECRET } from '../harness/deliver.mts';
import { NodeHost } from '../harness/nodeHost.mts';
import { OPERATIONS, parametersFor } from '../harness/operations.mts';
import { TriggerHost } from '../harness/triggerHost.mts';

// Written by `UPDATE_FILES=1 npx jest --selectProjects integration -- schemas`.
const schemaFile = (node: string, path: string) =>
	fileURLToPath(new URL(`../../../nodes/${node}/__schema__/${path}.json`, import.meta.url));
let simulator: Simulator;
let host: NodeHost;

beforeAll(async () => {
	simulator = await startSimulator({ timeFactor: 1_000 });
	host = new NodeHost(simulator);
	host.credential = { signingSecret: SECRET };
});
afterAll(async () => await simulator.close());

interface Schema {
	type: string;
	properties?: Record<string, Schema>;
	items?: Schema;
}

/** The form of a value, as n8n's editor reads it. */
function schemaOf(value: unknown): Schema {
	if (Array.isArray(value)) return { type: 'array', items: schemaOf(value[0]) };
	if (typeof value !== 'object' || value === null) {
		return { type: value === null ? 'null' : typeof value };
	}
	const properties = Object.entries(value).map(([name, field]) => [name, schemaOf(field)]);
	return { type: 'object', properties: Object.fromEntries(properties) };
}

/** All fields that one or the other has. */
function union(one: Schema, other: Schema): Schema {
	expect(other.type).toBe(one.type);
	if (!one.properties) return one;
	const properties = { ...one.properties };
	for (const [name, field] of Object.entries(other.properties ?? {})) {
		properties[name] = properties[name] ? union(properties[name], field) : field;
	}
	return { ...one, properties };
}

const printed = (schema: Schema) => `${JSON.stringify({ ...schema, version: 1 }, null, '\t')}\n`;

/** The types whose payloads MindPeeker documents. */
const DOCUMENTED = ['session.completed', 'analysis.completed', 'dowsing.query_completed'];

describe('what the editor shows before the first run is what comes then:', () => {
	it.each(OPERATIONS)('%s', async (name) => {
		const [output] = await host.json(name, await parametersFor(name, host, simulator));
		const file = schemaFile('MindPeeker', `v1.0.0/${name.replace('.', '/')}`);
		expectFile(file, printed(schemaOf(output)));
	});

	// For each version of the node, n8n looks for a file of exactly that version.
	it.each(['v1.0.0', 'v1.1.0'])('the trigger, of every documented event: %s', async (version) => {
		const { apiKey, baseUrl } = simulator;
		const trigger = await new TriggerHost({
			parameters: { events: DOCUMENTED },
			credential: { apiKey, environment: 'custom', baseUrl },
		}).start();
		await trigger.publish();
		for (const type of DOCUMENTED) simulator.emit(type);
		await waitFor(() => expect(trigger.executions).toHaveLength(DOCUMENTED.length));
		await trigger.unpublish();
		await trigger.stop();
		const events = trigger.executions.map((items) => items[0]!.json);
		const inOrder = DOCUMENTED.map((wanted) => events.find(({ type }) => type === wanted));
		const file = schemaFile('MindPeekerTrigger', version);
		expectFile(file, printed(inOrder.map(schemaOf).reduce(union)));
	});

	it('the trigger has a file for each of its versions', () => {
		const versions = [new MindPeekerTrigger().description.version].flat();
		for (const version of versions) {
			const padded = [...String(version).split('.'), '0', '0'].slice(0, 3).join('.');
			expect(existsSync(schemaFile('MindPeekerTrigger', `v${padded}`))).toBe(true);
		}
	});
});
