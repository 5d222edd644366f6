import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { afterThisTest, itIf, waitFor } from '../support/jest.mts';

import { send, createWebhook } from '../support/api.mts';
import { startReceiver, startTestSimulator } from './harness/setup.mts';

const IS_WINDOWS = process.platform === 'win32';
const HAS_CURL = spawnSync('curl', ['--version']).status === 0;

class Program {
	output = '';
	private readonly child;
	private readonly ended: Promise<unknown[]>;

	constructor(...args: string[]) {
		this.child = spawn(process.execPath, ['--import', 'tsx', 'simulator/main.mts', ...args]);
		this.ended = once(this.child, 'close');
		for (const stream of [this.child.stdout, this.child.stderr]) {
			stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
		}
		afterThisTest(() => void this.child.kill('SIGKILL'));
	}

	/** Starts it on a free port, and resolves when it is ready. */
	static async start(...args: string[]): Promise<Program> {
		const program = new Program('--port', '0', ...args);
		await program.prints('Press Ctrl-C');
		return program;
	}

	/** Resolves when the output contains the text. */
	async prints(text: string | RegExp): Promise<void> {
		await waitFor(() => expect(this.output).toMatch(text));
	}

	/** Sends a signal, if any, and resolves with the exit code. */
	async end(signal?: NodeJS.Signals): Promise<unknown> {
		if (signal) this.child.kill(signal);
		return (await this.ended)[0];
	}

	/** The word after a label in the output. */
	find(label: string): string {
		return new RegExp(`${label}\\s+(\\S+)`).exec(this.output)?.[1] ?? '';
	}
}

/** Runs an example from the output like a shell and parses its JSON. */
async function runExample(output: string, part: string) {
	const example = output.split('\n').find((line) => line.includes('curl') && line.includes(part));
	const [command = '', ...args] = [...(example ?? '').matchAll(/"((?:\\"|[^"])*)"|\S+/g)].map(
		([word, quoted]) => quoted?.replaceAll('\\"', '"') ?? word,
	);
	const { stdout } = await promisify(execFile)(command, ['-sS', ...args]);
	return JSON.parse(stdout);
}

describe('npm run simulator', () => {
	it('prints help and a log, and stops on Ctrl-C', async () => {
		const program = await Program.start('--time-factor', '1000');
		const [baseUrl, apiKey] = [program.find('Base URL'), program.find('API Key')];
		expect(baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
		expect(program.output).toMatch(/Environment\s+Custom/);
		expect(program.output).not.toContain('Warning');
		const page = await send('GET', program.find('Page'), undefined, { Accept: 'text/html' });
		expect(page.body).toContain('<title>MindPeeker simulator</title>');

		const events = baseUrl.replace('/v1', '/simulator/events');
		const unmatched = await send('POST', events, { type: 'session.completed' });
		await program.prints(
			`session.completed ${unmatched.body.event.id}: no active webhook has this type`,
		);
		const receiver = await startReceiver();
		await createWebhook({ baseUrl, apiKey }, receiver.url);
		await program.prints('POST /v1/webhooks: 201');
		const { body } = await send('POST', events, { type: 'session.completed' });
		await program.prints(`session.completed ${body.event.id} attempt 1 succeeded: 200`);

		if (!IS_WINDOWS) expect(await program.end('SIGINT')).toBe(0);
	});

	itIf(HAS_CURL)(
		'prints working examples',
		async () => {
			const program = await Program.start('--time-factor', '1000');
			const [baseUrl, apiKey] = [program.find('Base URL'), program.find('API Key')];
			const receiver = await startReceiver();
			await createWebhook({ baseUrl, apiKey }, receiver.url);

			const { event } = await runExample(program.output, '/simulator/events');
			await program.prints(`session.completed ${event.id} attempt 1 succeeded: 200`);
			expect(receiver.events()).toEqual([event]);

			const { data } = await runExample(program.output, '/simulator/deliveries');
			expect(data).toMatchObject([{ eventId: event.id, state: 'delivered' }]);

			const session = await runExample(program.output, '/v1/sessions');
			expect(session).toMatchObject({ status: 'initiated' });
			await waitFor(() => expect(receiver.events('session.completed').length).toBe(2));
		},
		30_000,
	);

	it('applies the rate limit', async () => {
		const program = await Program.start('--rate-limit', '1');
		const statuses = [];
		for (let i = 0; i < 2; i++) {
			const headers = { 'X-API-Key': program.find('API Key') };
			statuses.push((await fetch(`${program.find('Base URL')}/webhooks`, { headers })).status);
		}
		expect(statuses).toEqual([200, 429]);
	});

	it('with --host 0.0.0.0, prints the URL for containers and warns', async () => {
		const program = await Program.start('--host', '0.0.0.0');
		const { port } = new URL(program.find('Page'));
		expect(program.output).toContain(`http://host.docker.internal:${port}/v1`);
		expect(program.output).toMatch(/Warning: .*secrets/);
	});

	it('exits with 1 and one line if the port is in use', async () => {
		const { port } = new URL((await startTestSimulator()).origin);
		const program = new Program('--port', port);
		expect(await program.end()).toBe(1);
		expect(program.output.trim()).toBe(
			`Port ${port} is in use. Stop the other program or choose another port.`,
		);
	});

	it.each([
		[['--port', 'eighty'], 'The port must be 0 to 65535.'],
		[['--time-factor', '0'], 'time factor'],
		[['--fast'], "'--fast'"],
	])(
		'exits with 1 and explains the problem with %j',
		async (args, text) => {
			const program = new Program(...args);
			expect(await program.end()).toBe(1);
			expect(program.output).toContain(text);
			expect(program.output).not.toContain('    at ');
		},
		30_000,
	);

	it('--help lists the options', async () => {
		const program = new Program('--help');
		expect(await program.end()).toBe(0);
		for (const option of ['--host', '--port', '--time-factor', '--rate-limit', '4010']) {
			expect(program.output).toContain(option);
		}
	});
});
