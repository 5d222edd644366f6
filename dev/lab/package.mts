import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { extract, list } from 'tar';
import { LabError } from './errors.mts';
import { exists } from './files.mts';
import type { N8nInstallation } from './installation.mts';
import { npm } from './npm.mts';
import { run } from './run.mts';
import { temporaryFolder } from './temporary.mts';

const registrar = fileURLToPath(new URL('registerPackage.cjs', import.meta.url));

/**
 * Packs a built package as for publication and gives the path of the .tgz, in a temporary folder.
 * Rejects with a LabError where the package is not built.
 */
export async function packPackage(repositoryRoot: string): Promise<string> {
	if (!(await exists(join(repositoryRoot, 'dist')))) {
		throw new LabError(`${repositoryRoot} is not built: there is no dist. Run \`npm run build\`.`);
	}
	const folder = temporaryFolder();
	const lines = await npm({
		args: ['pack', '--ignore-scripts', '--loglevel=error', `--pack-destination=${folder}`],
		cwd: repositoryRoot,
	});
	return join(folder, lines.at(-1) ?? '');
}

/**
 * Installs a .tgz in a user folder where n8n is not running, as n8n's own installer of community
 * packages does: the files, its ledger and, where there is a database already, its entry there.
 */
export async function installPackage(
	tarball: string,
	userFolder: string,
	{ nodeBinary, directory }: N8nInstallation,
): Promise<void> {
	const folder = await placePackage(tarball, userFolder);
	const database = join(userFolder, '.n8n/database.sqlite');
	if (!(await exists(database))) return;
	await run(`Registering ${tarball} with n8n`, {
		nodeBinary,
		args: ['--disable-warning=ExperimentalWarning', registrar, database, folder],
		cwd: userFolder,
		env: { ...process.env, NODE_PATH: join(directory, 'node_modules') },
		onLine: () => {},
	});
}

/**
 * Puts a .tgz where n8n's own installer of community packages would, in the same form, and gives the
 * package's folder.
 */
async function placePackage(tarball: string, userFolder: string): Promise<string> {
	const nodes = join(userFolder, '.n8n/nodes');
	const { name, version, ...manifest } = await manifestIn(tarball);
	const folder = join(nodes, 'node_modules', name);
	await mkdir(folder, { recursive: true });
	await extract({ file: tarball, cwd: folder, strip: 1 });
	for (const key of ['devDependencies', 'peerDependencies', 'optionalDependencies']) {
		delete manifest[key];
	}
	await writeJson(join(folder, 'package.json'), { name, version, ...manifest });
	await addToLedger(join(nodes, 'package.json'), name, version);
	return folder;
}

interface Manifest extends Record<string, unknown> {
	name: string;
	version: string;
}

async function manifestIn(tarball: string): Promise<Manifest> {
	const chunks: Buffer[] = [];
	await list({
		file: tarball,
		filter: (path) => path === 'package/package.json',
		onReadEntry: (entry) => entry.on('data', (chunk: Buffer) => chunks.push(chunk)),
	});
	return JSON.parse(Buffer.concat(chunks).toString()) as Manifest;
}

async function addToLedger(ledger: string, name: string, version: string): Promise<void> {
	const old = (await exists(ledger)) ? await readFile(ledger, 'utf8') : '{}';
	const { dependencies } = JSON.parse(old) as { dependencies?: Record<string, string> };
	await writeJson(ledger, {
		name: 'installed-nodes',
		private: true,
		dependencies: { ...dependencies, [name]: version },
	});
}

async function writeJson(file: string, content: object): Promise<void> {
	await writeFile(file, JSON.stringify(content, null, 2));
}
