import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { arrange } from '../../nodes/MindPeekerTrigger/outputs.ts';
import { parseEvent } from '../../nodes/shared/event.ts';
import { sign } from '../../nodes/shared/signature.ts';
import { startSimulator, type Simulator } from '../../simulator/index.mts';
import { NodeHost } from '../integration/harness/nodeHost.mts';
import { fencesOf } from './harness/fences.mts';

const SECRET = 'secret';
const blocks = fencesOf('json').map(({ where, text }) => ({
	where,
	text,
	value: JSON.parse(text) as Record<string, unknown>,
}));
const verdicts = blocks.filter(({ value }) => 'verified' in value);
const simplified = blocks.filter(({ value }) => 'eventId' in value);
const events = blocks.filter((block) => ![...verdicts, ...simplified].includes(block));

it.each(events)('$where is an event that the trigger takes', ({ text, value }) => {
	expect(parseEvent(Buffer.from(text))).toEqual({ event: value });
});

it.each(simplified)('$where is what Simplify makes of the event before it', ({ value, where }) => {
	const json = events.findLast((event) => event.where.startsWith(where.split(':')[0] ?? ''))?.value;
	const settings = { events: ['*'], output: 'single', simplify: true } as const;
	const [items] = arrange([{ json: json as never }], { ...settings, events: [...settings.events] });
	expect(items).toEqual([{ json: value }]);
});

describe('what Output Verdict gives', () => {
	let simulator: Simulator;
	beforeAll(async () => void (simulator = await startSimulator()));
	afterAll(async () => await simulator.close());

	it.each(verdicts)('is $where', async ({ value }) => {
		const body = JSON.stringify(value.event ?? { id: 'evt_1', type: 'session.completed' });
		const host = new NodeHost(simulator);
		host.credential = { signingSecret: SECRET };
		const verdict = await host.json('event.verify', {
			bodySource: 'text',
			body,
			signature: sign(Buffer.from(body), value.verified ? SECRET : 'of somebody else'),
			secretSource: 'credential',
			options: { outputVerdict: true },
		});
		expect(verdict).toEqual([value]);
	});
});
