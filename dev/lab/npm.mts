import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { LabError, getErrorMessage } from './errors.mts';
import { runScript } from './runScript.mts';

export interface NpmCommand {
	args: string[];
	cwd: string;
	env?: NodeJS.ProcessEnv;
}

/** Runs npm and returns the lines that it printed. Rejects with a LabError if npm fails. */
export async function runNpm({ args, cwd, env }: NpmCommand): Promise<string[]> {
	return await runScript(`npm ${args[0]} in ${cwd}`, {
		nodeBinary: process.execPath,
		args: [findNpm(), ...args],
		cwd,
		env: { ...removeScriptSettings(process.env), ...env },
	});
}

/** Runs `npm ci` without install scripts: some of them download from sites other than the registry. */
export async function runNpmCi(cwd: string): Promise<void> {
	try {
		await runNpm({
			args: [
				'ci',
				'--ignore-scripts',
				'--prefer-offline',
				'--no-audit',
				'--no-fund',
				'--loglevel=error',
				'--fetch-retries=1',
				'--fetch-retry-mintimeout=1000',
			],
			cwd,
		});
	} catch (error) {
		throw new LabError(
			'npm could not install n8n. The first installation needs a network connection. ' +
				`Check that npm's registry can be reached, and try again.\n${getErrorMessage(error)}`,
		);
	}
}

function findNpm(): string {
	const nodeFolder = dirname(process.execPath);
	const candidates = [
		process.env.npm_execpath ?? '',
		join(nodeFolder, '../lib/node_modules/npm/bin/npm-cli.js'),
		join(nodeFolder, 'node_modules/npm/bin/npm-cli.js'),
		...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'npm')),
	];
	for (const candidate of candidates) {
		const script = existsSync(candidate) && realpathSync(candidate);
		if (script && script.endsWith('npm-cli.js')) return script;
	}
	throw new LabError('npm was not found. Install Node.js together with npm, and try again.');
}

/** `npm run` exports this project's npm settings as variables. They must not apply to another folder. */
function removeScriptSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const kept = new Set(['npm_config_cache', 'npm_config_registry', 'npm_config_userconfig']);
	return Object.fromEntries(
		Object.entries(env).filter(([name]) => !/^npm_/i.test(name) || kept.has(name.toLowerCase())),
	);
}
