import { createServer } from 'node:net';
import { codeOf, LabError } from './errors.mts';

const HOST = '127.0.0.1';

/** As many different ports as asked for that nothing listens on now. */
export async function freePorts(count: number): Promise<number[]> {
	const held = await Promise.all(Array.from({ length: count }, () => hold(0)));
	await Promise.all(held.map(({ release }) => release()));
	return held.map(({ port }) => port);
}

/** Rejects with a LabError where something listens on the port. */
export async function assertPortIsFree(port: number): Promise<void> {
	try {
		await (await hold(port)).release();
	} catch (error) {
		if (codeOf(error) !== 'EADDRINUSE') throw error;
		throw new LabError(`Port ${port} is in use. End what listens there, or choose another port.`);
	}
}

async function hold(port: number): Promise<{ port: number; release: () => Promise<void> }> {
	const server = createServer();
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, HOST, resolve);
	});
	const address = server.address();
	return {
		port: typeof address === 'object' && address ? address.port : port,
		release: async () => await new Promise<void>((resolve) => server.close(() => resolve())),
	};
}
