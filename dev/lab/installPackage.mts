import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { extract, list } from 'tar';
import { LabError } from './errors.mts';
import type { N8nInstallation } from './installN8n.mts';
import { runNpm } from './npm.mts';
import { runScript } from './runScript.mts';
import { createTemporaryFolder } from './temporaryFolder.mts';

const REGISTER_PACKAGE = fileURLToPath(new URL('registerPackage.cjs', import.meta.url));

/** Packs a built package and returns the path of the .tgz. Rejects with a LabError if the package is not built. */
export async function packPackage(root: string): Promise<string> {
	if (!existsSync(join(root, 'dist'))) {
		throw new LabError(`${root} has no folder "dist". Run \`npm run build\`.`);
	}
	const folder = createTemporaryFolder();
	const lines = await runNpm({
		args: ['pack', '--ignore-scripts', '--loglevel=error', `--pack-destination=${folder}`],
		cwd: root,
	});
	return join(folder, lines.at(-1) ?? '');
}

/**
 * Installs a .tgz into the user folder of an n8n that is not running, as n8n's installer of community packages does.
 * If the folder has a database, the package is registered there.
 */
export async function installPackage(
	tarball: string,
	userFolder: string,
	{ nodeBinary, directory }: N8nInstallation,
): Promise<void> {
	const folder = await extractPackage(tarball, userFolder);
	const database = join(userFolder, '.n8n/database.sqlite');
	if (!existsSync(database)) return;
	await runScript(`Registering ${tarball} with n8n`, {
		nodeBinary,
		args: ['--disable-warning=ExperimentalWarning', REGISTER_PACKAGE, database, folder],
		cwd: userFolder,
		env: { ...process.env, NODE_PATH: join(directory, 'node_modules') },
	});
}

/** Returns the package's folder. */
async function extractPackage(tarball: string, userFolder: string): Promise<string> {
	const nodes = join(userFolder, '.n8n/nodes');
	const { name, version, ...manifest } = await readManifest(tarball);
	const folder = join(nodes, 'node_modules', name);
	await mkdir(folder, { recursive: true });
	await extract({ file: tarball, cwd: folder, strip: 1 });
	// n8n's installer removes these, too.
	for (const key of ['devDependencies', 'peerDependencies', 'optionalDependencies']) {
		delete manifest[key];
	}
	await writeJson(join(folder, 'package.json'), { name, version, ...manifest });
	await addDependency(join(nodes, 'package.json'), name, version);
	return folder;
}

interface Manifest extends Record<string, unknown> {
	name: string;
	version: string;
}

async function readManifest(tarball: string): Promise<Manifest> {
	const chunks: Buffer[] = [];
	await list({
		file: tarball,
		filter: (path) => path === 'package/package.json',
		onReadEntry: (entry) => entry.on('data', (chunk: Buffer) => chunks.push(chunk)),
	});
	return JSON.parse(Buffer.concat(chunks).toString()) as Manifest;
}

async function addDependency(manifestFile: string, name: string, version: string): Promise<void> {
	const text = existsSync(manifestFile) ? await readFile(manifestFile, 'utf8') : '{}';
	const { dependencies } = JSON.parse(text) as { dependencies?: Record<string, string> };
	await writeJson(manifestFile, {
		name: 'installed-nodes',
		private: true,
		dependencies: { ...dependencies, [name]: version },
	});
}

async function writeJson(file: string, content: object): Promise<void> {
	await writeFile(file, JSON.stringify(content, null, 2));
}
