import { randomInt } from 'node:crypto';

/** The key that a simulator accepts where none is given. */
export const DEFAULT_API_KEY = 'mp_simulator_key';

export interface SimulatorOptions {
	/** The port on 127.0.0.1; 0, the default, takes a free one. */
	port?: number;
	/** The keys that the management API accepts, at least one. */
	apiKeys?: string[];
	/** How much faster than real time the retries follow and the sessions and analyses progress: 0.01 or more. */
	timeFactor?: number;
	/** How long a receiver may take to answer, in real milliseconds whatever the time factor. */
	answerTimeoutMs?: number;
	/** How many calls of the management API each key has a minute. */
	requestsPerMinute?: number;
	/** How long the rate limit's minute lasts, in real milliseconds. */
	minuteMs?: number;
	/** Whether a second webhook with the same url is refused with 409. */
	uniqueUrls?: boolean;
	/** Decides ids and faults: the same seed and the same calls give the same run. */
	seed?: number;
	/** Certificates to trust beside the usual ones when delivering over HTTPS, in PEM. */
	tls?: { ca: string };
}

export type Settings = Required<Omit<SimulatorOptions, 'tls'>> & Pick<SimulatorOptions, 'tls'>;

/** A mistake of whoever starts the simulator; the message says what to do. */
export class SimulatorError extends Error {
	override name = 'SimulatorError';
}

/**
 * Fills in what was left out.
 *
 * @throws {SimulatorError} where an option makes no sense
 */
export function settingsFrom(options: SimulatorOptions): Settings {
	const given = Object.entries(options).filter(([, value]) => value !== undefined);
	const settings: Settings = {
		port: 0,
		apiKeys: [DEFAULT_API_KEY],
		timeFactor: 1,
		answerTimeoutMs: 5_000,
		requestsPerMinute: 1_000,
		minuteMs: 60_000,
		uniqueUrls: false,
		seed: randomInt(2 ** 47),
		...Object.fromEntries(given),
	};
	const { port, apiKeys, timeFactor, answerTimeoutMs, requestsPerMinute, minuteMs } = settings;
	demand(Number.isInteger(port) && port >= 0 && port <= 65_535, 'The port is 0 to 65535.');
	demand(
		apiKeys.length > 0 && !apiKeys.includes(''),
		'At least one API key is needed, none empty.',
	);
	// Below 0.01 the longest delay would exceed what a timer of Node can hold.
	demand(
		Number.isFinite(timeFactor) && timeFactor >= 0.01,
		'The time factor is a number from 0.01 up.',
	);
	demand(
		Number.isInteger(answerTimeoutMs) && answerTimeoutMs > 0,
		'The time for an answer is a whole number of milliseconds above 0.',
	);
	demand(
		Number.isInteger(requestsPerMinute) && requestsPerMinute > 0,
		'The rate limit is a whole number of calls above 0.',
	);
	demand(Number.isFinite(minuteMs) && minuteMs > 0, 'The minute of the rate limit is above 0.');
	return settings;
}

function demand(holds: boolean, message: string): void {
	if (!holds) throw new SimulatorError(message);
}
