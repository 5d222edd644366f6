// The demo, `npm start`: starts a real n8n with this package and the simulator, and sends events.
import { parseArgs } from 'node:util';

import { showEvents } from './showEvents.mts';
import { showOneEvent } from './showOneEvent.mts';
import {
	CREDENTIAL,
	startEnvironment,
	type TestEnvironment,
} from '../testEnvironment/testEnvironment.mts';
import { demoWorkflow } from './demoWorkflow.mts';

const USAGE = `npm start [-- options]

  --once                     send one session.completed, print the result and exit
  --port <number>            port of n8n (default: a free port)
  --simulator-port <number>  port of the simulator (default: a free port)`;

interface Options {
	once: boolean;
	port?: number;
	simulatorPort?: number;
}

function readOptions(): Options {
	const { values } = parseArgs({
		options: {
			once: { type: 'boolean', default: false },
			port: { type: 'string' },
			'simulator-port': { type: 'string' },
			help: { type: 'boolean' },
		},
	});
	if (values.help) {
		console.log(USAGE);
		process.exit(0);
	}
	const { once, port, 'simulator-port': simulatorPort } = values;
	return { once, port: readPort(port), simulatorPort: readPort(simulatorPort) };
}

function readPort(text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	const port = Number(text);
	if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
	throw new Error(`${text} is not a valid port.\n\n${USAGE}`);
}

function printAddresses({ n8n, simulator }: TestEnvironment): void {
	console.log(`
n8n         ${n8n.url}
log-in      ${n8n.owner.email}  password ${n8n.owner.password}
workflow    ${n8n.url}/workflow/${demoWorkflow.id}
simulator   ${simulator.origin}/  send your own events and see the deliveries
credential  ${CREDENTIAL.mindPeekerApi.name}  use it in your own workflows; it connects to the simulator
stop        Ctrl-C  deletes this n8n and everything you built in it
`);
}

async function run({ once, port, simulatorPort }: Options): Promise<void> {
	const environment = await startEnvironment({
		n8n: { port, workflows: [demoWorkflow] },
		simulator: { port: simulatorPort ?? 0 },
		onProgress: (line) => console.log(line),
	});
	try {
		console.log('Publishing the workflow');
		await environment.n8n.workflows.publish(demoWorkflow.id);
		if (once) return console.log(`\n${(await showOneEvent(environment)).join('\n')}`);
		printAddresses(environment);
		const stopping = new AbortController();
		process.once('SIGINT', () => stopping.abort());
		await showEvents(environment, stopping.signal);
	} finally {
		await environment.close();
	}
}

try {
	await run(readOptions());
} catch (error) {
	console.error(`\n${error instanceof Error ? error.message : String(error)}`);
	process.exitCode = 1;
}
