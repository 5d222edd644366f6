import { parseArgs } from 'node:util';

import { isSuccess } from './delivery/delivery.mts';
import { createHelpText } from './createHelpText.mts';
import {
	SimulatorError,
	startSimulator,
	type Attempt,
	type Delivery,
	type RecordedRequest,
	type SimulatorOptions,
} from './index.mts';

const USAGE = `Starts the MindPeeker simulator.

  npm run simulator -- [options]

  --host <address>   address to listen on (default: 127.0.0.1, only this machine can reach it)
  --port <n>         port (default: 4010)
  --time-factor <n>  speed of retries, sessions and analyses (default: 1, real time)
  --rate-limit <n>   management API requests per minute and key (default: 1000)
  --help             shows this text
`;

function parse(args: string[]) {
	try {
		return parseArgs({
			args,
			options: {
				host: { type: 'string', default: '127.0.0.1' },
				port: { type: 'string', default: '4010' },
				'time-factor': { type: 'string', default: '1' },
				'rate-limit': { type: 'string', default: '1000' },
				help: { type: 'boolean', default: false },
			},
		}).values;
	} catch (error) {
		throw new SimulatorError(`${(error as Error).message}\n\n${USAGE}`);
	}
}

/** Returns undefined for `--help`. Throws a SimulatorError for an unknown option. */
function readOptions(args: string[]): SimulatorOptions | undefined {
	const values = parse(args);
	if (values.help) return undefined;
	return {
		host: values.host,
		port: Number(values.port),
		timeFactor: Number(values['time-factor']),
		requestsPerMinute: Number(values['rate-limit']),
	};
}

async function run(options: SimulatorOptions): Promise<void> {
	const simulator = await startSimulator(options);
	console.log(createHelpText(simulator.origin, simulator.apiKey));
	if (!isLoopback(options.host)) console.log(createNetworkNotice(new URL(simulator.origin).port));
	console.log('Press Ctrl-C to stop. Log:');

	simulator.on('request', (request) => console.log(formatRequest(request)));
	simulator.on('event', ({ type, id }, { length }) => {
		if (length === 0) console.log(`          ${type} ${id}: no active webhook has this type`);
	});
	simulator.on('attempt', (attempt, delivery) => console.log(formatAttempt(attempt, delivery)));
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => void simulator.close());
	}
}

function isLoopback(host = ''): boolean {
	return /^(127\..+|::1|localhost)$/.test(host);
}

function createNetworkNotice(port: string): string {
	return `From a container on this machine, the Base URL is http://host.docker.internal:${port}/v1

Warning: Everyone who can reach port ${port} can read the webhooks' secrets and send signed events to your n8n.
`;
}

/** Such as `10:30:00  session.completed evt_… attempt 1 succeeded: 200 in 12 ms, http://…`. */
function formatAttempt(attempt: Attempt, { eventType, eventId, url }: Delivery): string {
	const { number, copy, status, error, durationMs, endedAt } = attempt;
	const name = copy === 0 ? `attempt ${number}` : `duplicate ${copy} of attempt ${number}`;
	const state = isSuccess(attempt) ? 'succeeded' : 'failed';
	const reason = error ?? String(status);
	return `${formatTime(endedAt)}  ${eventType} ${eventId} ${name} ${state}: ${reason} in ${durationMs} ms, ${url}`;
}

function formatRequest({ at, method, path, status, fault }: RecordedRequest): string {
	const outcome = status ?? 'no response';
	return `${formatTime(at)}  ${method} ${path}: ${outcome}${fault ? ` (fault "${fault}")` : ''}`;
}

function formatTime(iso: string): string {
	return new Date(iso).toTimeString().slice(0, 8);
}

try {
	const options = readOptions(process.argv.slice(2));
	if (options) await run(options);
	else console.log(USAGE);
} catch (error) {
	console.error(error instanceof SimulatorError ? error.message : error);
	process.exitCode = 1;
}
