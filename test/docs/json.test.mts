import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { toOutputs } from '../../nodes/MindPeekerTrigger/outputs.ts';
import { parseEvent } from '../../nodes/shared/events/event.ts';
import { sign } from '../../nodes/shared/signature.ts';
import { startSimulator, type Simulator } from '../../simulator/index.mts';
import { NodeHost } from '../integration/harness/nodeHost.mts';
import { findCodeBlocks } from './harness/pages.mts';

const SECRET = 'secret';
const blocks = findCodeBlocks('json').map(({ location, text }) => ({
	location,
	text,
	value: JSON.parse(text) as Record<string, unknown>,
}));
const verifications = blocks.filter(({ value }) => 'verified' in value);
const simplified = blocks.filter(({ value }) => 'eventId' in value);
const events = blocks.filter((block) => ![...verifications, ...simplified].includes(block));

it.each(events)('$location is an event that the trigger accepts', ({ text, value }) => {
	expect(parseEvent(Buffer.from(text))).toEqual({ event: value });
});

it.each(simplified)(
	'$location is the simplified form of the event before it',
	({ value, location }) => {
		const json = events.findLast((event) =>
			event.location.startsWith(location.split(':')[0] ?? ''),
		)?.value;
		const settings = { events: ['*'], output: 'single', simplify: true } as const;
		const [items] = toOutputs([{ json: json as never }], {
			...settings,
			events: [...settings.events],
		});
		expect(items).toEqual([{ json: value }]);
	},
);

describe('the result with Return Verification Result', () => {
	let simulator: Simulator;
	beforeAll(async () => void (simulator = await startSimulator()));
	afterAll(async () => await simulator.close());

	it.each(verifications)('matches $location', async ({ value }) => {
		const body = JSON.stringify(value.event ?? { id: 'evt_1', type: 'session.completed' });
		const host = new NodeHost(simulator);
		host.credential = { signingSecret: SECRET };
		const result = await host.json('event.verify', {
			bodySource: 'text',
			body,
			signature: sign(Buffer.from(body), value.verified ? SECRET : 'another secret'),
			secretSource: 'credential',
			options: { outputVerdict: true },
		});
		expect(result).toEqual([value]);
	});
});
