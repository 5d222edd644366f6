// The demo, `npm start`: starts a real n8n with this package and the simulator, and sends events. With `--watch`,
// `npm run dev`: n8n loads the nodes again when their sources change.
import { once as waitForEvent } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { sendEvents, showDeliveries } from './showEvents.mts';
import { showOneEvent } from './showOneEvent.mts';
import { RELOAD_ENV, watchPackage } from '../lab/watchPackage.mts';
import {
	CREDENTIAL,
	startEnvironment,
	type TestEnvironment,
} from '../testEnvironment/testEnvironment.mts';
import { demoWorkflow } from './demoWorkflow.mts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const USAGE = `npm start [-- options]

  --once                     send one session.completed, print the result and exit
  --watch                    send no events, and load the nodes again when their sources change
  --port <number>            port of n8n (default: a free port)
  --simulator-port <number>  port of the simulator (default: a free port)`;

interface Options {
	once: boolean;
	watch: boolean;
	port?: number;
	simulatorPort?: number;
}

function readOptions(): Options {
	const { values } = parseArgs({
		options: {
			once: { type: 'boolean', default: false },
			watch: { type: 'boolean', default: false },
			port: { type: 'string' },
			'simulator-port': { type: 'string' },
			help: { type: 'boolean' },
		},
	});
	if (values.help) {
		console.log(USAGE);
		process.exit(0);
	}
	const { once, watch, port, 'simulator-port': simulatorPort } = values;
	return { once, watch, port: readPort(port), simulatorPort: readPort(simulatorPort) };
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

/** Compiles the package whenever it changes, until the returned function is called. */
async function watchSources({ n8n }: TestEnvironment): Promise<() => void> {
	console.log('Compiling the nodes');
	const onLine = (line: string) => line.trim() && console.log(line);
	return await watchPackage({ root: ROOT, userFolder: n8n.userFolder, onLine });
}

/** Prints the lines of n8n's log about the nodes. */
function printLog(line: string): void {
	if (/Hot reload|MindPeeker/.test(line)) console.log(`n8n: ${line}`);
}

async function run({ once, watch, port, simulatorPort }: Options): Promise<void> {
	const environment = await startEnvironment({
		n8n: {
			port,
			workflows: [demoWorkflow],
			...(watch && { env: RELOAD_ENV, onLog: printLog }),
		},
		simulator: { port: simulatorPort ?? 0 },
		onProgress: (line) => console.log(line),
	});
	let stopWatching = () => {};
	try {
		console.log('Publishing the workflow');
		await environment.n8n.workflows.publish(demoWorkflow.id);
		if (once) return console.log(`\n${(await showOneEvent(environment)).join('\n')}`);
		if (watch) stopWatching = await watchSources(environment);
		printAddresses(environment);
		const stopping = new AbortController();
		process.once('SIGINT', () => stopping.abort());
		showDeliveries(environment, stopping.signal);
		if (watch) await waitForEvent(stopping.signal, 'abort');
		else await sendEvents(environment, stopping.signal);
	} finally {
		stopWatching();
		await environment.close();
	}
}

try {
	await run(readOptions());
} catch (error) {
	console.error(`\n${error instanceof Error ? error.message : String(error)}`);
	process.exitCode = 1;
}
