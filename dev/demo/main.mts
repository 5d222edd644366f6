// What `npm start` runs: a real n8n with this package, the simulator beside it, and events between them.
import { parseArgs } from 'node:util';

import { showOn } from './flow.mts';
import { showOnce } from './once.mts';
import { CREDENTIAL, setStage, type Stage } from '../testEnvironment/stage.mts';
import { demoWorkflow } from './workflow.mts';

const USAGE = `npm start [-- options]

  --once                     send one session.completed, print what came of it, and end
  --port <number>            where n8n listens; a free port if left out
  --simulator-port <number>  where the simulator listens; a free port if left out`;

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
	throw new Error(`${text} is not a port.\n\n${USAGE}`);
}

function printWhereToLook({ n8n, simulator }: Stage): void {
	console.log(`
n8n         ${n8n.url}
log-in      ${n8n.owner.email}  password ${n8n.owner.password}
workflow    ${n8n.url}/workflow/${demoWorkflow.id}
simulator   ${simulator.origin}/  a page to send events of your own and watch the deliveries
your own    in a workflow that you add, choose the credential ${CREDENTIAL.mindPeekerApi.name}: it leads to the simulator
stop        Ctrl-C  n8n goes, with all that you built in it
`);
}

async function run({ once, port, simulatorPort }: Options): Promise<void> {
	const stage = await setStage({
		n8n: { port, workflows: [demoWorkflow] },
		simulator: { port: simulatorPort ?? 0 },
		onProgress: (line) => console.log(line),
	});
	try {
		console.log('Publishing the workflow');
		await stage.n8n.workflows.publish(demoWorkflow.id);
		if (once) return console.log(`\n${(await showOnce(stage)).join('\n')}`);
		printWhereToLook(stage);
		const stopping = new AbortController();
		process.once('SIGINT', () => stopping.abort());
		await showOn(stage, stopping.signal);
	} finally {
		await stage.close();
	}
}

try {
	await run(readOptions());
} catch (error) {
	console.error(`\n${error instanceof Error ? error.message : String(error)}`);
	process.exitCode = 1;
}
