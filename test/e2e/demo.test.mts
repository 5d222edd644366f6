import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';

/** Runs `npm start` and returns its exit code and output. */
async function start(...args: string[]): Promise<{ code: number | null; output: string }> {
	const child = spawn('npm', ['start', '--silent', '--', ...args], {
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	child.stdout.on('data', (chunk) => (output += String(chunk)));
	child.stderr.on('data', (chunk) => (output += String(chunk)));
	const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
	return { code, output };
}

describe('npm start -- --once', () => {
	it('sends a session.completed event, prints the result of the workflow, and exits with 0', async () => {
		const { code, output } = await start('--once');
		expect(output).toMatch(/sent +session\.completed evt_/);
		expect(output).toMatch(/response +200 in/);
		expect(output).toMatch(/execution +\d+, success/);
		expect(output).toContain('session.completed: Missing person investigation, confidence 0.87');
		expect(code).toBe(0);
	});
});

describe('npm start', () => {
	it('reports a port in use in one line, and exits with 1', async () => {
		const server = createServer().listen(0, '127.0.0.1');
		await new Promise((resolve) => server.once('listening', resolve));
		const { port } = server.address() as { port: number };
		const { code, output } = await start('--once', '--port', String(port));
		server.close();
		expect(output).toContain(`Port ${port} is in use`);
		expect(output).not.toMatch(/\n\s+at /);
		expect(code).toBe(1);
	});
});
