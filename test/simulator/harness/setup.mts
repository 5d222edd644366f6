import { createHmac } from 'node:crypto';

import { afterThisTest } from '../../support/jest.mts';

import {
	startSimulator,
	type Simulator,
	type SimulatorOptions,
} from '../../../simulator/index.mts';
import { createWebhook, WEBHOOK_SECRET } from '../../support/api.mts';
import { Receiver, type Responder } from './receiver.mts';

/** All attempts take less than 0.1 seconds. */
export const FAST_TIME_FACTOR = 100_000;

/** The simulator closes after the test. */
export async function startTestSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const simulator = await startSimulator({ timeFactor: FAST_TIME_FACTOR, ...options });
	afterThisTest(async () => await simulator.close());
	return simulator;
}

/** The receiver closes after the test. */
export async function startReceiver(respond?: Responder): Promise<Receiver> {
	const receiver = await Receiver.start(respond);
	afterThisTest(async () => await receiver.close());
	return receiver;
}

/** Starts a simulator and a receiver, and registers the receiver for all event types. */
export async function startWithWebhook({
	respond,
	...options
}: SimulatorOptions & { respond?: Responder } = {}): Promise<{
	simulator: Simulator;
	receiver: Receiver;
	webhookId: string;
}> {
	const simulator = await startTestSimulator(options);
	const receiver = await startReceiver(respond);
	return { simulator, receiver, webhookId: await createWebhook(simulator, receiver.url) };
}

/** Verifies a signature independently of the simulator. */
export function isSignatureValid(body: Buffer, header: unknown): boolean {
	return header === `sha256=${createHmac('sha256', WEBHOOK_SECRET).update(body).digest('hex')}`;
}
