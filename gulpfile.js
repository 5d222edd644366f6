const { readdir, rm } = require('node:fs/promises');
const path = require('node:path');

const DIST = path.join(__dirname, 'dist');
const SHIPPED = ['credentials', 'icons', 'nodes'];

/** `n8n-node build` copies every picture of the repository into dist, those of the docs too. */
async function sweep() {
	const strangers = (await readdir(DIST)).filter((name) => !SHIPPED.includes(name));
	await Promise.all(strangers.map((name) => rm(path.join(DIST, name), { recursive: true })));
}

exports.default = sweep;
