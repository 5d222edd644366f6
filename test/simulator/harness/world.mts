import { createHmac } from 'node:crypto';

import { afterThisTest } from '../../support/jest.mts';

import {
	startSimulator,
	type Simulator,
	type SimulatorOptions,
} from '../../../simulator/index.mts';
import { register, SECRET } from '../../support/api.mts';
import { Receiver, type Answer } from './receiver.mts';

/** Fast enough that all seven attempts take a few hundredths of a second. */
export const FAST = 100_000;

/** A simulator that ends with the test. */
export async function simulate(options: SimulatorOptions = {}): Promise<Simulator> {
	const simulator = await startSimulator({ timeFactor: FAST, ...options });
	afterThisTest(async () => await simulator.close());
	return simulator;
}

/** A receiver that ends with the test. */
export async function receive(answer?: Answer): Promise<Receiver> {
	const receiver = await Receiver.start(answer);
	afterThisTest(async () => await receiver.close());
	return receiver;
}

/** A simulator with one webhook for every type, and the receiver behind it. */
export async function stage({
	answer,
	...options
}: SimulatorOptions & { answer?: Answer } = {}): Promise<{
	simulator: Simulator;
	receiver: Receiver;
	webhookId: string;
}> {
	const simulator = await simulate(options);
	const receiver = await receive(answer);
	return { simulator, receiver, webhookId: await register(simulator, receiver.url) };
}

/** The verdict of a receiver that knows nothing of the simulator. */
export function isGenuine(body: Buffer, header: unknown): boolean {
	return header === `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
}
