// Runs a script of the project after installing what it needs: `node dev/scripts/bootstrap.mjs <script> [arguments]`.
// It is plain JavaScript and has no imports but Node's own, for it runs where nothing is installed yet.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = [20, 19];
const INTERRUPTED = 130;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const INSTALLED = `${ROOT}node_modules/.installed-lockfile`;
/** Says which process installs the packages now. */
const INSTALLING = `${ROOT}.installing`;
const LOOK_AFTER_MS = 500;

/** @param {string} message */
function fail(message) {
	console.error(`\n${message}`);
	process.exit(1);
}

function checkNode() {
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
	if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
	fail(`Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}.`);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
function run(command, args) {
	const child = spawn(command, args, {
		cwd: ROOT,
		stdio: 'inherit',
		shell: process.platform === 'win32',
	});
	// Ctrl-C reaches the child as well, which needs time to clean up; other signals must be passed on.
	process.on('SIGINT', () => {});
	process.on('SIGTERM', () => child.kill('SIGTERM'));
	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? INTERRUPTED : 1)));
	});
}

/**
 * @param {string} lockfile
 * @returns {boolean}
 */
function areInstalled(lockfile) {
	return existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8') === lockfile;
}

/** Two installations at once would delete each other's files. */
async function awaitTurn() {
	while (!takeTurn()) {
		// It was cut off, or has just ended.
		if (!isRunning(turnOf())) rmSync(INSTALLING, { force: true });
		else await new Promise((resolve) => setTimeout(resolve, LOOK_AFTER_MS));
	}
	process.on('exit', giveTurnUp);
}

function takeTurn() {
	try {
		writeFileSync(INSTALLING, String(process.pid), { flag: 'wx' });
		return true;
	} catch (error) {
		if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
		throw error;
	}
}

function turnOf() {
	try {
		return Number(readFileSync(INSTALLING, 'utf8'));
	} catch {
		return NaN;
	}
}

function giveTurnUp() {
	if (turnOf() === process.pid) rmSync(INSTALLING, { force: true });
}

/**
 * @param {number} pid
 * @returns {boolean}
 */
function isRunning(pid) {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

async function installPackages() {
	const lockfile = createHash('sha256')
		.update(readFileSync(`${ROOT}package-lock.json`))
		.digest('hex');
	if (areInstalled(lockfile)) return;
	await awaitTurn();
	if (!areInstalled(lockfile)) await install();
	writeFileSync(INSTALLED, lockfile);
	giveTurnUp();
}

async function install() {
	console.log('Installing the packages of the project (about a minute, once) …');
	const code = await run('npm', [
		'ci',
		'--prefer-offline',
		'--no-audit',
		'--no-fund',
		'--loglevel=error',
	]);
	if (code === INTERRUPTED) process.exit(code);
	if (code !== 0) {
		fail(
			'The packages could not be installed; npm says above why. Is the npm registry within reach?',
		);
	}
}

checkNode();
await installPackages();
const [script = '', ...args] = process.argv.slice(2);
process.exit(await run(process.execPath, ['--import', 'tsx', script, ...args]));
