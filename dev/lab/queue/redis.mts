import { once } from 'node:events';
import { connect } from 'node:net';
import { deleteFolder } from '../childProcesses.mts';
import { freePorts } from '../ports.mts';
import { createTemporaryFolder } from '../temporaryFolder.mts';
import { ServerProcess } from './serverProcess.mts';
import { findProgram } from './findProgram.mts';

const HOST = '127.0.0.1';
// Redis's defaults lose the queue at a restart.
const SETTINGS = ['--appendonly', 'yes', '--save', '', '--bind', HOST];

/** A temporary Redis server on 127.0.0.1. `stop` deletes its data. */
export class Redis {
	private constructor(
		readonly port: number,
		private readonly folder: string,
		private readonly server: ServerProcess,
	) {}

	static async start(): Promise<Redis> {
		const [port = 0] = await freePorts(1);
		const folder = createTemporaryFolder();
		const server = new ServerProcess({
			command: [findProgram('redis-server'), '--port', String(port), '--dir', folder, ...SETTINGS],
			cwd: folder,
			stopSignal: 'SIGTERM',
			isReady: async () => await isReady(port),
		});
		await server.start();
		return new Redis(port, folder, server);
	}

	get pid(): number | undefined {
		return this.server.pid;
	}

	/** Environment variables for n8n. */
	get env(): Record<string, string> {
		return { QUEUE_BULL_REDIS_HOST: HOST, QUEUE_BULL_REDIS_PORT: String(this.port) };
	}

	/** Stops Redis and starts it again after a pause. */
	async restart(downMs: number): Promise<void> {
		await this.server.stop();
		await new Promise((resolve) => setTimeout(resolve, downMs));
		await this.server.start();
	}

	async stop(): Promise<void> {
		await this.server.stop();
		deleteFolder(this.folder);
	}
}

/** While Redis loads its data, it responds to PING with an error. */
async function isReady(port: number): Promise<boolean> {
	const socket = connect(port, HOST);
	try {
		await once(socket, 'connect');
		socket.write('PING\r\n');
		const [response] = (await once(socket, 'data')) as [Buffer];
		return response.toString().startsWith('+PONG');
	} catch {
		return false;
	} finally {
		socket.destroy();
	}
}
