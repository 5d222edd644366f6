import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';

/** What a user sees of `npm start` with these arguments. */
async function start(...args: string[]): Promise<{ code: number | null; screen: string }> {
	const child = spawn('npm', ['start', '--silent', '--', ...args], {
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let screen = '';
	child.stdout.on('data', (chunk) => (screen += String(chunk)));
	child.stderr.on('data', (chunk) => (screen += String(chunk)));
	const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
	return { code, screen };
}

describe('npm start -- --once', () => {
	it('sends a session.completed, prints what the workflow made of it, and exits with 0', async () => {
		const { code, screen } = await start('--once');
		expect(screen).toMatch(/sent +session\.completed evt_/);
		expect(screen).toMatch(/answered +200 in/);
		expect(screen).toMatch(/execution +\d+, success/);
		expect(screen).toContain('session.completed: Missing person investigation, confidence 0.87');
		expect(code).toBe(0);
	});
});

describe('npm start', () => {
	it('with a port in use says so in one line, and exits with 1', async () => {
		const server = createServer().listen(0, '127.0.0.1');
		await new Promise((resolve) => server.once('listening', resolve));
		const { port } = server.address() as { port: number };
		const { code, screen } = await start('--once', '--port', String(port));
		server.close();
		expect(screen).toContain(`Port ${port} is in use`);
		expect(screen).not.toMatch(/\n\s+at /);
		expect(code).toBe(1);
	});
});
