import { once } from 'node:events';
import { connect } from 'node:net';
import { deleteOwned } from '../owned.mts';
import { freePorts } from '../ports.mts';
import { temporaryFolder } from '../temporary.mts';
import { Program } from './program.mts';
import { programPath } from './programs.mts';

const HOST = '127.0.0.1';
// What n8n has queued outlives a restart; as Redis ships, it would be lost.
const SETTINGS = ['--appendonly', 'yes', '--save', '', '--bind', HOST];

/** A Redis of its own on 127.0.0.1, gone when it is stopped. */
export class Redis {
	private constructor(
		readonly port: number,
		private readonly folder: string,
		private readonly server: Program,
	) {}

	static async start(): Promise<Redis> {
		const [port = 0] = await freePorts(1);
		const folder = temporaryFolder();
		const server = new Program({
			command: [programPath('redis-server'), '--port', String(port), '--dir', folder, ...SETTINGS],
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

	/** What leads n8n here. */
	get env(): Record<string, string> {
		return { QUEUE_BULL_REDIS_HOST: HOST, QUEUE_BULL_REDIS_PORT: String(this.port) };
	}

	/** Ends Redis in good order, and starts it again so much later. */
	async restart(downMs: number): Promise<void> {
		await this.server.stop();
		await new Promise((resolve) => setTimeout(resolve, downMs));
		await this.server.start();
	}

	async stop(): Promise<void> {
		await this.server.stop();
		deleteOwned(this.folder);
	}
}

/** While Redis reads what it had kept, it answers otherwise. */
async function isReady(port: number): Promise<boolean> {
	const socket = connect(port, HOST);
	try {
		await once(socket, 'connect');
		socket.write('PING\r\n');
		const [answer] = (await once(socket, 'data')) as [Buffer];
		return answer.toString().startsWith('+PONG');
	} catch {
		return false;
	} finally {
		socket.destroy();
	}
}
