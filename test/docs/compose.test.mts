import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { DCLinter } from 'dclint';

import { N8N_VERSION } from '../../dev/lab/index.mts';
import { findMissingProgram, findProgram } from '../../dev/testEnvironment/documentedPrograms.mts';
import { afterThisTest, itIf } from '../support/jest.mts';
import { COMPOSE_FILES, readN8nServices, readServices } from './harness/compose.mts';
import { runProgram } from './harness/runProgram.mts';

const EXAMPLE = readFileSync('docker/.env.example', 'utf8');
/** The variables of `.env.example`. */
const settings = Object.fromEntries(
	[...EXAMPLE.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
);

/** dclint's types cannot be resolved. */
interface LintResult {
	messages: Array<Record<'rule' | 'category' | 'message', string> & { line: number }>;
}

/** Returns the exit code of n8n's health check, if n8n responds with a status. */
async function checkHealth([, ...command]: string[], status: number): Promise<number> {
	const server = createServer(({ url }, response) => {
		response.writeHead(url === '/healthz/readiness' ? status : 404).end();
	}).listen(0, '127.0.0.1');
	afterThisTest(() => server.close());
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	const [program = '', ...args] = command.map((part) => part.replace(':5678', `:${port}`));
	const child = spawn(program, args);
	const [code] = (await once(child, 'exit')) as [number];
	return code;
}

describe.each(COMPOSE_FILES)('%s', (file) => {
	const services = readServices(file);
	const n8nServices = readN8nServices(file);

	it('is a valid Compose file', () => {
		const linter = new DCLinter({
			// Caddy has to listen on all interfaces.
			rules: { 'no-unbound-port-interfaces': 0 },
			quiet: true,
			debug: false,
			exclude: [],
		});
		const [result] = linter.lintFiles([file], false) as LintResult[];
		const problems = result!.messages.filter(
			({ rule, category }) => rule === 'invalid-schema' || category !== 'style',
		);
		expect(problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([]);
	});

	it('lets only Caddy be reached from outside', () => {
		const withPorts = Object.entries(services).filter(([, { ports }]) => ports);
		expect(withPorts.map(([name]) => name)).toEqual(['caddy']);
	});

	it('needs only variables of .env.example, whose versions are the tested ones', () => {
		const needed = [...readFileSync(file, 'utf8').matchAll(/\$\{(\w+)(?!\w|:-)/g)];
		expect(Object.keys(settings)).toEqual(expect.arrayContaining(needed.map(([, name]) => name)));
		const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
		expect(settings).toMatchObject({ N8N_VERSION, MINDPEEKER_VERSION: version });
	});

	it('runs all processes of n8n with the same version and settings, behind one proxy', () => {
		const [first, ...others] = n8nServices.map(({ image, environment }) => ({
			image,
			environment,
		}));
		for (const other of others) expect(other).toEqual(first);
		expect(first?.environment).toMatchObject({
			N8N_PROXY_HOPS: '1',
			N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		});
	});

	it('kills n8n only after its own time limit for stopping', () => {
		for (const { stop_grace_period: time, environment } of n8nServices) {
			expect(parseInt(time!, 10)).toBeGreaterThan(
				Number(environment!.N8N_GRACEFUL_SHUTDOWN_TIMEOUT),
			);
		}
	});

	it('considers n8n healthy only while it is ready', async () => {
		const [test, ...others] = n8nServices.map(({ healthcheck }) => healthcheck!.test);
		for (const other of others) expect(other).toEqual(test);
		expect(await checkHealth(test!, 200)).toBe(0);
		expect(await checkHealth(test!, 503)).toBe(1);
	});

	itIf(!findMissingProgram('caddy'))(
		'lets Caddy serve HTTPS, and forward to the services by name',
		async () => {
			const { DOMAIN = '' } = settings;
			const args = ['adapt', '--adapter', 'caddyfile', '--config', 'docker/Caddyfile'];
			const env = { ...services.caddy!.environment, DOMAIN };
			const { WEBHOOK_POLICY: _default, ...variables } = env as Record<string, string>;
			const adapted = await runProgram(findProgram('caddy'), args, variables);
			expect(adapted).toContain('"listen":[":443"]');
			expect(adapted).toContain(`"host":["${DOMAIN}"]`);
			const targets = [...adapted.matchAll(/"dial":"([^"]+):5678"/g)].map(([, name]) => name!);
			expect(targets).toContain('n8n');
			expect(targets.filter((name) => !(name in services))).toEqual([]);
		},
	);
});
