import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { SECRET } from '../harness/deliver.mts';
import { NodeHost } from '../harness/nodeHost.mts';
import { OPERATIONS, parametersFor } from '../harness/operations.mts';
import { TriggerHost } from '../harness/triggerHost.mts';

// Made anew by `npx vitest run --project contexts test/contexts/node/schemas.test.mts --update`.
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

/** The form of a value, as n8n's editor reads it. */
function schemaOf(value: unknown): object {
	if (Array.isArray(value)) return { type: 'array', items: schemaOf(value[0]) };
	if (typeof value !== 'object' || value === null) {
		return { type: value === null ? 'null' : typeof value };
	}
	const properties = Object.entries(value).map(([name, field]) => [name, schemaOf(field)]);
	return { type: 'object', properties: Object.fromEntries(properties) };
}
const printed = (output: unknown) =>
	`${JSON.stringify({ ...schemaOf(output), version: 1 }, null, '\t')}\n`;

describe('what the editor shows before the first run is what comes then:', () => {
	it.each(OPERATIONS)('%s', async (name) => {
		const [output] = await host.json(name, await parametersFor(name, host, simulator));
		const file = schemaFile('MindPeeker', `v1.0.0/${name.replace('.', '/')}`);
		expect(existsSync(file)).toBe(true);
		await expect(printed(output)).toMatchFileSnapshot(file);
	});

	it('the trigger, whose data differ from event to event', async () => {
		const { apiKey, baseUrl } = simulator;
		const credential = { apiKey, environment: 'custom', baseUrl };
		const trigger = await new TriggerHost({
			parameters: { events: ['session.completed'] },
			credential,
		}).start();
		await trigger.publish();
		simulator.emit('session.completed');
		await expect.poll(() => trigger.executions).toHaveLength(1);
		await trigger.stop();
		const event = { ...trigger.executions[0]![0]!.json, data: {} };
		const file = schemaFile('MindPeekerTrigger', 'v1.1.0');
		expect(existsSync(file)).toBe(true);
		await expect(printed(event)).toMatchFileSnapshot(file);
	});
});
