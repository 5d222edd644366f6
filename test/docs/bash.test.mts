import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { buildPackage } from '../../dev/testEnvironment/buildPackage.mts';
import { startSimulator, type Simulator } from '../../simulator/index.mts';
import { findCodeBlocks } from './harness/pages.mts';
import { runProgram } from './harness/runProgram.mts';

const PACKAGE = 'n8n-nodes-mindpeeker';

/** Commands that this test does not run, with the reason. */
const SKIPPED: Array<[command: RegExp, reason: string]> = [
	[/^npm (start|test|run check|run simulator)$/, 'covered by other tests, or it runs all tests'],
	[/^jq .* alerts\.jq n8n\.log$/, 'run by jq.test.mts'],
	[/^(curl -X POST https:|npm view )/, 'run by installation.test.mts'],
	[/^npm (install --ignore-scripts|audit signatures)/, "needs npm's own registry"],
	[/^docker (build|compose|volume|run|exec|restart) /, "needs Docker's service and images"],
	[/^cp \.env\.example \.env$/, 'compose.test.mts checks what the file contains'],
	[/^ngrok /, 'needs an account'],
];
const SETTING = /^export (\w+)=(\S+)$/;
const REQUEST = /^curl .*http:\/\/127\.0\.0\.1:4010\//;
const INSTALLATION = /^mkdir .*npm install --legacy-peer-deps n8n-nodes-mindpeeker$/;

const blocks = findCodeBlocks('bash');
const commands = blocks.flatMap(({ location, text }) =>
	text
		.replaceAll(/\\\n\s*/g, '')
		.trimEnd()
		.split('\n')
		.map((command) => ({ location, command })),
);
const commandsMatching = (pattern: RegExp) =>
	commands.filter(({ command }) => pattern.test(command));

const runBash = async (command: string, env: NodeJS.ProcessEnv = {}) =>
	await runProgram('bash', ['-c', command], env);

it.each(blocks)('$location is valid Bash', async ({ text }) => {
	await expect(runProgram('bash', ['-n', '-c', text])).resolves.toBeDefined();
});

it('runs every command, or has a reason to skip it', () => {
	const known = [SETTING, REQUEST, INSTALLATION, ...SKIPPED.map(([pattern]) => pattern)];
	const unknown = commands.filter(({ command }) => !known.some((pattern) => pattern.test(command)));
	expect(unknown).toEqual([]);
});

it.each(commandsMatching(SETTING))('$location sets the variable', async ({ command }) => {
	const [, name = '', value] = SETTING.exec(command) ?? [];
	expect(await runBash(`${command}; printenv ${name}`)).toBe(`${value}\n`);
});

describe('an event sent to the simulator', () => {
	let simulator: Simulator;
	beforeAll(async () => void (simulator = await startSimulator()));
	afterAll(async () => await simulator.close());

	it.each(commandsMatching(REQUEST))('by $location is accepted', async ({ command }) => {
		const localCommand = command.replace('http://127.0.0.1:4010', simulator.origin);
		const response = JSON.parse(await runBash(`${localCommand} --silent --fail`)) as {
			event: { type: string };
		};
		const [, type] = /"type":"([^"]+)"/.exec(command) ?? [];
		expect(response.event.type).toBe(type);
	});
});

describe('the published package', () => {
	const home = mkdtempSync(join(tmpdir(), 'mindpeeker-home-'));
	afterAll(() => rmSync(home, { recursive: true, force: true }));

	it.each(commandsMatching(INSTALLATION))(
		'$location installs it in the folder that n8n searches',
		async ({ command }) => {
			const localCommand = command.replace(new RegExp(`${PACKAGE}$`), await buildPackage());
			await runBash(localCommand, { HOME: home, npm_config_offline: 'true' });
			// n8n would load this copy instead of its own.
			expect(existsSync(join(home, '.n8n/nodes/node_modules/n8n-workflow'))).toBe(false);
			expect(existsSync(join(home, '.n8n/nodes/node_modules', PACKAGE, 'dist/nodes'))).toBe(true);
		},
	);
});
