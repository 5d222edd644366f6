// `pack.mts [folder]`: builds and packs the package, unless its sources have not changed, and prints its checksum. With
// a folder, writes the .tgz and the release notes into it.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { buildPackage } from '../testEnvironment/buildPackage.mts';

const { name, version, homepage } = JSON.parse(
	await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
) as Record<'name' | 'version' | 'homepage', string>;
const tarball = await buildPackage(console.log);
const digest = createHash('sha512').update(await readFile(tarball));
/** npm's `dist.integrity`. */
const checksum = `sha512-${digest.digest('base64')}`;
console.log(`${name} ${version} ${checksum}`);

const [folder] = process.argv.slice(2);
if (folder !== undefined) {
	await mkdir(folder, { recursive: true });
	await copyFile(tarball, join(folder, `${name}-${version}.tgz`));
	await writeFile(join(folder, 'notes.md'), createReleaseNotes());
}

function createReleaseNotes(): string {
	const repository = homepage.replace('#readme', '');
	const file = (path: string) => `${repository}/blob/v${version}/${path}`;
	return `[Changes](${file('CHANGELOG.md')})

Checksum of the npm package: \`${checksum}\`

n8n 2.21 and newer can [install this version from environment variables](${file('docs/installation.md')}):

\`\`\`dotenv
N8N_COMMUNITY_PACKAGES_MANAGED_BY_ENV=true
N8N_COMMUNITY_PACKAGES=${JSON.stringify([{ name, version, checksum }])}
\`\`\`

n8n **uninstalls** the community packages that are not in this list. Add the others that you use.
`;
}
