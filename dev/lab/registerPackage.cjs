// Adds a package to n8n's database, as n8n's installer does. The editor then lists it as a community package.
// Arguments: the database, the package's folder. Needs the Node.js that runs n8n.
const { basename, join } = require('node:path');
const { DatabaseSync } = require('node:sqlite');

const [, , file, folder] = process.argv;
const manifest = require(join(folder, 'package.json'));

const nodes = manifest.n8n.nodes.map((path) => {
	const Node = require(join(folder, path))[basename(path, '.node.js')];
	const { displayName, name, version, defaultVersion } = new Node().description;
	return { displayName, name, version: defaultVersion ?? [version].flat().at(-1) };
});

const NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')";
const database = new DatabaseSync(file);
database
	.prepare(
		`INSERT OR REPLACE INTO installed_packages
		(packageName, installedVersion, authorName, authorEmail, createdAt, updatedAt)
		VALUES (?, ?, ?, ?, ${NOW}, ${NOW})`,
	)
	.run(
		manifest.name,
		manifest.version,
		manifest.author?.name ?? null,
		manifest.author?.email ?? null,
	);
for (const { displayName, name, version } of nodes) {
	database
		.prepare(
			'INSERT OR REPLACE INTO installed_nodes (name, type, latestVersion, package) VALUES (?, ?, ?, ?)',
		)
		.run(displayName, `${manifest.name}.${name}`, version, manifest.name);
}
database.close();
