// Installs the project's packages, if necessary, and runs a script: `node dev/scripts/bootstrap.mjs <script> [arguments]`.
// Plain JavaScript without dependencies, because nothing may be installed yet.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MINIMUM_NODE = [20, 19];
const INTERRUPTED = 130;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Contains the hash of the lockfile that was installed. */
const INSTALLED = `${ROOT}node_modules/.installed-lockfile`;
/** Contains the id of the process that is installing packages. */
const LOCK = `${ROOT}.installing`;
const POLL_MS = 500;

/** @param {string} message */
function fail(message) {
	console.error(`\n${message}`);
	process.exit(1);
}

function checkNode() {
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	const [minimumMajor = 0, minimumMinor = 0] = MINIMUM_NODE;
	if (major > minimumMajor || (major === minimumMajor && minor >= minimumMinor)) return;
	fail(`Node ${MINIMUM_NODE.join('.')} or newer is required. This is ${process.versions.node}.`);
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
	// Ctrl-C also reaches the child, which needs time to clean up. SIGTERM must be forwarded.
	process.on('SIGINT', () => {});
	process.on('SIGTERM', () => child.kill('SIGTERM'));
	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? INTERRUPTED : 1)));
	});
}

/**
 * @param {string} hash of the lockfile
 * @returns {boolean}
 */
function isInstalled(hash) {
	return existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8') === hash;
}

/** Two concurrent installations would delete each other's files. */
async function acquireLock() {
	while (!tryLock()) {
		// The other process was killed, or has just finished.
		if (!isRunning(readLock())) rmSync(LOCK, { force: true });
		else await new Promise((resolve) => setTimeout(resolve, POLL_MS));
	}
	process.on('exit', releaseLock);
}

function tryLock() {
	try {
		writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
		return true;
	} catch (error) {
		if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
		throw error;
	}
}

function readLock() {
	try {
		return Number(readFileSync(LOCK, 'utf8'));
	} catch {
		return NaN;
	}
}

function releaseLock() {
	if (readLock() === process.pid) rmSync(LOCK, { force: true });
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
	const hash = createHash('sha256')
		.update(readFileSync(`${ROOT}package-lock.json`))
		.digest('hex');
	if (isInstalled(hash)) return;
	await acquireLock();
	if (!isInstalled(hash)) await install();
	writeFileSync(INSTALLED, hash);
	releaseLock();
}

async function install() {
	console.log('Installing the packages of the project (about a minute, once)');
	const code = await run('npm', [
		'ci',
		'--prefer-offline',
		'--no-audit',
		'--no-fund',
		'--loglevel=error',
	]);
	if (code === INTERRUPTED) process.exit(code);
	if (code !== 0) {
		fail('npm could not install the packages (see above). Check that its registry can be reached.');
	}
}

checkNode();
await installPackages();
const [script = '', ...args] = process.argv.slice(2);
process.exit(await run(process.execPath, ['--import', 'tsx', script, ...args]));
