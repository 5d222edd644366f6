import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectFile, waitFor } from '../../support/jest.mts';

import { MindPeekerTrigger } from '../../../nodes/MindPeekerTrigger/MindPeekerTrigger.node.ts';
import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { SECRET } from '../harness/deliver.mts';
import { NodeHost } from '../harness/nodeHost.mts';
import { OPERATIONS, createParameters } from '../harness/operations.mts';
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

/** Infers the schema of a value in the format of n8n's editor. */
function inferSchema(value: unknown): Schema {
	if (Array.isArray(value)) return { type: 'array', items: inferSchema(value[0]) };
	if (typeof value !== 'object' || value === null) {
		return { type: value === null ? 'null' : typeof value };
	}
	const properties = Object.entries(value).map(([name, field]) => [name, inferSchema(field)]);
	return { type: 'object', properties: Object.fromEntries(properties) };
}

/** Merges the fields of both schemas. */
function mergeSchemas(a: Schema, b: Schema): Schema {
	expect(b.type).toBe(a.type);
	if (!a.properties) return a;
	const properties = { ...a.properties };
	for (const [name, field] of Object.entries(b.properties ?? {})) {
		properties[name] = properties[name] ? mergeSchemas(properties[name], field) : field;
	}
	return { ...a, properties };
}

const serialize = (schema: Schema) => `${JSON.stringify({ ...schema, version: 1 }, null, '\t')}\n`;

/** The event types with a documented payload. */
const DOCUMENTED = ['session.completed', 'analysis.completed', 'dowsing.query_completed'];

describe('the schema that the editor shows before the first run matches the output:', () => {
	it.each(OPERATIONS)('%s', async (name) => {
		const [output] = await host.json(name, await createParameters(name, host, simulator));
		const file = schemaFile('MindPeeker', `v1.0.0/${name.replace('.', '/')}`);
		expectFile(file, serialize(inferSchema(output)));
	});

	// n8n needs a file for each version of the node.
	it.each(['v1.0.0', 'v1.1.0'])('the trigger, for all documented events: %s', async (version) => {
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
		const sorted = DOCUMENTED.map((name) => events.find(({ type }) => type === name));
		const file = schemaFile('MindPeekerTrigger', version);
		expectFile(file, serialize(sorted.map(inferSchema).reduce(mergeSchemas)));
	});

	it('the trigger has a file for each of its versions', () => {
		const versions = [new MindPeekerTrigger().description.version].flat();
		for (const version of versions) {
			const padded = [...String(version).split('.'), '0', '0'].slice(0, 3).join('.');
			expect(existsSync(schemaFile('MindPeekerTrigger', `v${padded}`))).toBe(true);
		}
	});
});
