import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { packedPackage } from '../../dev/testEnvironment/packedPackage.mts';
import { startSimulator, type Simulator } from '../../simulator/index.mts';
import { fencesOf } from './harness/fences.mts';

const PACKAGE = 'n8n-nodes-mindpeeker';

/** Commands that are not run here, and why. */
const NOT_HERE: Array<[command: RegExp, why: string]> = [
	[
		/^npm (start|test|run check|run simulator)$/,
		'other tests run them, or they are all of the tests',
	],
	[/^docker (volume|run|exec|restart) /, "needs Docker's service and images"],
	[/^ngrok /, 'needs an account'],
];
const SETTING = /^export (\w+)=(\S+)$/;
const REQUEST = /^curl .*http:\/\/127\.0\.0\.1:4010\//;
const INSTALLATION = /^mkdir .*npm install --legacy-peer-deps n8n-nodes-mindpeeker$/;

const blocks = fencesOf('bash');
const commands = blocks.flatMap(({ where, text }) =>
	text
		.replaceAll(/\\\n\s*/g, '')
		.trimEnd()
		.split('\n')
		.map((command) => ({ where, command })),
);
const those = (kind: RegExp) => commands.filter(({ command }) => kind.test(command));

const bash = async (command: string, env: NodeJS.ProcessEnv = {}) =>
	(await promisify(execFile)('bash', ['-c', command], { env: { ...process.env, ...env } })).stdout;

it.each(blocks)('$where is a script', async ({ text }) => {
	await expect(promisify(execFile)('bash', ['-n', '-c', text])).resolves.toBeDefined();
});

it('every command is run here, or has a reason not to be', () => {
	const known = [SETTING, REQUEST, INSTALLATION, ...NOT_HERE.map(([kind]) => kind)];
	const unknown = commands.filter(({ command }) => !known.some((kind) => kind.test(command)));
	expect(unknown).toEqual([]);
});

it.each(those(SETTING))('$where sets what it says', async ({ command }) => {
	const [, name = '', value] = SETTING.exec(command) ?? [];
	expect(await bash(`${command}; printenv ${name}`)).toBe(`${value}\n`);
});

describe('an event sent to the simulator', () => {
	let simulator: Simulator;
	beforeAll(async () => void (simulator = await startSimulator()));
	afterAll(async () => await simulator.close());

	it.each(those(REQUEST))('by $where is taken', async ({ command }) => {
		const here = command.replace('http://127.0.0.1:4010', simulator.origin);
		const answer = JSON.parse(await bash(`${here} --silent --fail`)) as { event: { type: string } };
		const [, type] = /"type":"([^"]+)"/.exec(command) ?? [];
		expect(answer.event.type).toBe(type);
	});
});

describe('the package, once it is published', () => {
	const home = mkdtempSync(join(tmpdir(), 'mindpeeker-home-'));
	afterAll(() => rmSync(home, { recursive: true, force: true }));

	it.each(those(INSTALLATION))('$where lays it where n8n looks', async ({ command }) => {
		const here = command.replace(new RegExp(`${PACKAGE}$`), await packedPackage());
		await bash(here, { HOME: home, npm_config_offline: 'true' });
		// n8n has its own, and would take this one instead.
		expect(existsSync(join(home, '.n8n/nodes/node_modules/n8n-workflow'))).toBe(false);
		expect(existsSync(join(home, '.n8n/nodes/node_modules', PACKAGE, 'dist/nodes'))).toBe(true);
	});
});
