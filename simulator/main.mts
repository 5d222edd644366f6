import { parseArgs } from 'node:util';

import { SimulatorError, startSimulator, type SimulatorOptions } from './index.mts';
import { attemptLine, requestLine } from './screen.mts';
import { usage } from './usage.mts';

const HELP = `Starts the MindPeeker simulator alone.

  npm run simulator -- [options]

  --port <n>         where it listens on 127.0.0.1 (4010)
  --time-factor <n>  how much faster than real time retries follow and sessions progress (1)
  --rate-limit <n>   how many calls of the management API a key has a minute (1000)
  --help             this text
`;

function parse(args: string[]) {
	try {
		return parseArgs({
			args,
			options: {
				port: { type: 'string', default: '4010' },
				'time-factor': { type: 'string', default: '1' },
				'rate-limit': { type: 'string', default: '1000' },
				help: { type: 'boolean', default: false },
			},
		}).values;
	} catch (error) {
		throw new SimulatorError(`${(error as Error).message}\n\n${HELP}`);
	}
}

/** Gives undefined where only the help is asked for. Throws a SimulatorError for what it does not know. */
function readOptions(args: string[]): SimulatorOptions | undefined {
	const values = parse(args);
	if (values.help) return undefined;
	return {
		port: Number(values.port),
		timeFactor: Number(values['time-factor']),
		requestsPerMinute: Number(values['rate-limit']),
	};
}

async function run(options: SimulatorOptions): Promise<void> {
	const simulator = await startSimulator(options);
	console.log(usage(simulator.origin, simulator.apiKey));
	console.log('Ctrl-C ends it. What happens:');

	simulator.on('request', (request) => console.log(requestLine(request)));
	simulator.on('event', ({ type, id }, { length }) => {
		if (length === 0) console.log(`          ${type} ${id}: no active webhook chose it`);
	});
	simulator.on('attempt', (...details) => console.log(attemptLine(...details)));
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => void simulator.close());
	}
}

try {
	const options = readOptions(process.argv.slice(2));
	if (options) await run(options);
	else console.log(HELP);
} catch (error) {
	console.error(error instanceof SimulatorError ? error.message : error);
	process.exitCode = 1;
}
