import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { LabError, messageOf } from './errors.mts';
import { run } from './run.mts';

export interface NpmCommand {
	args: string[];
	cwd: string;
	env?: NodeJS.ProcessEnv;
	/** Ends npm when it is aborted. */
	signal?: AbortSignal;
}

/** Runs npm and gives the lines it wrote. Rejects with a LabError where npm fails. */
export async function npm({ args, cwd, env, signal }: NpmCommand): Promise<string[]> {
	const command = `npm ${args[0]} in ${cwd}`;
	return await run(command, {
		nodeBinary: process.execPath,
		args: [npmScript(), ...args],
		cwd,
		env: { ...withoutScriptSettings(process.env), ...env },
		onLine: () => {},
		signal,
	});
}

/** Options of npm that keep it from doing and saying more than is needed. */
export const QUIET = [
	'--no-audit',
	'--no-fund',
	'--loglevel=error',
	'--fetch-retries=1',
	'--fetch-retry-mintimeout=1000',
];

/** Installs what the package.json and the lockfile in a folder say. The npm cache serves where it can. */
export async function npmInstall({ args, ...command }: NpmCommand): Promise<void> {
	try {
		await npm({
			...command,
			args: ['install', '--ignore-scripts', '--no-save', '--prefer-offline', ...QUIET, ...args],
		});
	} catch (error) {
		throw new LabError(
			'npm could not install what the lab needs. The first installation takes a network: check that ' +
				`npm's registry can be reached, and try again.\n${messageOf(error)}`,
		);
	}
}

/** The registry that this machine's npm uses, without a trailing slash. */
export async function npmRegistry(cwd: string): Promise<string> {
	const lines = await npm({ args: ['config', 'get', 'registry', '--loglevel=silent'], cwd });
	return (lines.at(-1) ?? '').replace(/\/+$/, '');
}

function npmScript(): string {
	const besideNode = dirname(process.execPath);
	const candidates = [
		process.env.npm_execpath ?? '',
		join(besideNode, '../lib/node_modules/npm/bin/npm-cli.js'),
		join(besideNode, 'node_modules/npm/bin/npm-cli.js'),
		...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'npm')),
	];
	for (const candidate of candidates) {
		const script = existsSync(candidate) && realpathSync(candidate);
		if (script && script.endsWith('npm-cli.js')) return script;
	}
	throw new LabError('npm was not found. Install Node.js together with npm, and try again.');
}

/** `npm run` passes its project's settings on as variables; they must not reach another folder. */
function withoutScriptSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const own = new Set(['npm_config_cache', 'npm_config_registry', 'npm_config_userconfig']);
	return Object.fromEntries(
		Object.entries(env).filter(([name]) => !/^npm_/i.test(name) || own.has(name.toLowerCase())),
	);
}
