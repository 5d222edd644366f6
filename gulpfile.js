const { readdir, rm } = require('node:fs/promises');
const path = require('node:path');

const DIST = path.join(__dirname, 'dist');
const PUBLISHED = ['credentials', 'nodes'];

/** `n8n-node build` copies all images of the repository into dist. Deletes those that are not published. */
async function deleteUnpublishedFiles() {
	const names = await readdir(DIST);
	const unpublished = names.filter((name) => !PUBLISHED.includes(name));
	await Promise.all(unpublished.map((name) => rm(path.join(DIST, name), { recursive: true })));
}

exports.default = deleteUnpublishedFiles;
