import { createServer } from 'node:http';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { LabError } from '../../dev/lab/index.mts';
import { assertPortIsFree, freePorts } from '../../dev/lab/ports.mts';

test('concurrent calls return different ports below the ephemeral range', async () => {
	const results = await Promise.all(Array.from({ length: 20 }, async () => await freePorts(10)));
	const ports = results.flat();
	expect(new Set(ports).size).toBe(200);
	expect(Math.max(...ports)).toBeLessThan(32_768);
});

test('assertPortIsFree rejects if the port is in use', async () => {
	const [port = 0] = await freePorts(1);
	await assertPortIsFree(port);
	const server = createServer().listen(port, '127.0.0.1');
	await once(server, 'listening');
	const error = await assertPortIsFree(port).catch((reason: unknown) => reason);
	server.close();
	expect(error).toBeInstanceOf(LabError);
	expect((error as Error).message).toContain(`Port ${port} is in use`);
});
