import { createHmac } from 'node:crypto';

import { onTestFinished } from 'vitest';

import { EVENT_TYPES } from '../../../nodes/shared/events/index.ts';
import {
	startSimulator,
	type Simulator,
	type SimulatorOptions,
} from '../../../simulator/index.mts';
import { Receiver, type Answer } from './receiver.mts';

export const ALL_TYPES = EVENT_TYPES.map(({ type }) => type);
export const SECRET = 'a secret, with ünïcode';

/** Fast enough that all seven attempts take a few hundredths of a second. */
export const FAST = 100_000;

/** What it takes to call the management API. */
type ApiAccess = Pick<Simulator, 'baseUrl' | 'apiKey'>;

export interface ApiAnswer {
	status: number;
	headers: Headers;
	/** Parsed where it is JSON; what a test expects of it, its assertions check. */
	body: any;
}

/** A simulator that ends with the test. */
export async function simulate(options: SimulatorOptions = {}): Promise<Simulator> {
	const simulator = await startSimulator({ timeFactor: FAST, ...options });
	onTestFinished(async () => await simulator.close());
	return simulator;
}

/** A receiver that ends with the test. */
export async function receive(answer?: Answer): Promise<Receiver> {
	const receiver = await Receiver.start(answer);
	onTestFinished(async () => await receiver.close());
	return receiver;
}

/** Calls any url. A body is sent as JSON. */
export async function call(
	method: string,
	url: string,
	body?: unknown,
	headers: Record<string, string> = {},
): Promise<ApiAnswer> {
	const response = await fetch(url, {
		method,
		headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	const text = await response.text();
	const isJson = response.headers.get('content-type')?.includes('json');
	return {
		status: response.status,
		headers: response.headers,
		body: isJson ? JSON.parse(text) : text,
	};
}

/** Calls the management API with a valid key. */
export async function callApi(
	{ baseUrl, apiKey }: ApiAccess,
	method: string,
	path: string,
	body?: unknown,
): Promise<ApiAnswer> {
	return await call(method, `${baseUrl}${path}`, body, { Authorization: `Bearer ${apiKey}` });
}

/** Registers a webhook through the API and gives its id. */
export async function register(
	simulator: ApiAccess,
	url: string,
	events: string[] = ALL_TYPES,
): Promise<string> {
	const { status, body } = await callApi(simulator, 'POST', '/webhooks', {
		url,
		events,
		secret: SECRET,
	});
	if (status !== 201) throw new Error(`The webhook was not registered: ${JSON.stringify(body)}`);
	return body.id;
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
