import { randomInt } from 'node:crypto';

/** The accepted API key if the options have none. */
export const DEFAULT_API_KEY = 'mp_simulator_key';

export interface SimulatorOptions {
	/** The address to listen on. Default: 127.0.0.1, which only this machine can reach. */
	host?: string;
	/** The default, 0, selects a free one. */
	port?: number;
	/** The API keys that the management API accepts. At least one. */
	apiKeys?: string[];
	/** How many times faster than real time retries, sessions and analyses run. At least 0.01. */
	timeFactor?: number;
	/** Timeout of a delivery attempt in real milliseconds. The time factor does not apply. */
	responseTimeoutMs?: number;
	/** Requests to the management API per minute and API key. */
	requestsPerMinute?: number;
	/** Length of the rate limit's window in real milliseconds. */
	rateLimitWindowMs?: number;
	/** Whether to reject a second webhook with the same URL with 409. */
	uniqueUrls?: boolean;
	/** Determines ids and faults: the same seed and the same calls repeat a run. */
	seed?: number;
	/** `ca`: trusted certificates in PEM, in addition to Node's. */
	tls?: { ca: string };
}

export type Settings = Required<Omit<SimulatorOptions, 'tls'>> & Pick<SimulatorOptions, 'tls'>;

/** The simulator cannot start with these options. The message says what to change. */
export class SimulatorError extends Error {
	override name = 'SimulatorError';
}

/**
 * Validates the options and adds the defaults.
 *
 * @throws {SimulatorError} if an option is invalid
 */
export function resolveOptions(options: SimulatorOptions): Settings {
	const defined = Object.entries(options).filter(([, value]) => value !== undefined);
	const settings: Settings = {
		host: '127.0.0.1',
		port: 0,
		apiKeys: [DEFAULT_API_KEY],
		timeFactor: 1,
		responseTimeoutMs: 5_000,
		requestsPerMinute: 1_000,
		rateLimitWindowMs: 60_000,
		uniqueUrls: false,
		seed: randomInt(2 ** 47),
		...Object.fromEntries(defined),
	};
	const { host, port, apiKeys, timeFactor, responseTimeoutMs, requestsPerMinute } = settings;
	check(host !== '', 'The host must not be empty.');
	check(Number.isInteger(port) && port >= 0 && port <= 65_535, 'The port must be 0 to 65535.');
	check(
		apiKeys.length > 0 && !apiKeys.includes(''),
		'At least one API key is required, and none may be empty.',
	);
	// Below 0.01 the longest delay would exceed the maximum of Node's timers.
	check(
		Number.isFinite(timeFactor) && timeFactor >= 0.01,
		'The time factor must be a number of at least 0.01.',
	);
	check(
		Number.isInteger(responseTimeoutMs) && responseTimeoutMs > 0,
		'The response timeout must be a whole number of milliseconds above 0.',
	);
	check(
		Number.isInteger(requestsPerMinute) && requestsPerMinute > 0,
		'The rate limit must be a whole number of requests above 0.',
	);
	const { rateLimitWindowMs } = settings;
	check(
		Number.isFinite(rateLimitWindowMs) && rateLimitWindowMs > 0,
		'The window of the rate limit must be above 0.',
	);
	return settings;
}

function check(isValid: boolean, message: string): void {
	if (!isValid) throw new SimulatorError(message);
}
