import { tsImport } from 'tsx/esm/api';

/** @type {typeof import('./dev/lab/index.mts')} */
const { getMinimumN8nFolder, getN8nFolder } = await tsImport(
	'./dev/lab/index.mts',
	import.meta.url,
);

const ROOT = import.meta.dirname;

/** Integration tests that also run with n8n's minimum version. */
const DEPENDS_ON_N8N =
	'integration/{n8nVersion,acknowledge,connection,databaseDeduplication,maliciousResponses,intermediaries,timeouts,handleRequest,registration,node/{setupErrors,credentialPerItem,verify,execution,operations,retryOnFail,tool}}';

/**
 * @param {string} name
 * @param {Omit<import('jest').Config, 'displayName'> & { tests?: string, n8n?: string }} options
 * @returns {import('jest').Config & { displayName: string }}
 */
function project(name, { tests = `${name}/**/*`, n8n = ROOT, ...options } = {}) {
	return {
		displayName: name,
		rootDir: ROOT,
		testMatch: [`<rootDir>/test/${tests}.test.mts`],
		moduleFileExtensions: ['js', 'mjs', 'cjs', 'ts', 'mts', 'json', 'node'],
		globals: { n8nFolder: n8n },
		// Nodes and tests must load the same copy of n8n's classes.
		moduleNameMapper: { '^(n8n-core|n8n-workflow)$': `${n8n}/node_modules/$1` },
		modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.stryker/'],
		transform: {
			'\\.m?ts$': [
				'babel-jest',
				{
					presets: [['@babel/preset-typescript', { onlyRemoveTypeImports: false }]],
					plugins: ['@babel/plugin-transform-modules-commonjs', './test/jest/importMeta.cjs'],
				},
			],
		},
		testEnvironment: '<rootDir>/test/jest/environment.cjs',
		// Node's promises and streams need these two.
		fakeTimers: { doNotFake: ['nextTick', 'queueMicrotask'] },
		restoreMocks: true,
		// Only projects with `withCoverage` count.
		coveragePathIgnorePatterns: ['/'],
		...options,
	};
}

const withN8n = { globalSetup: '<rootDir>/test/jest/installN8n.mjs' };
const withCoverage = { coveragePathIgnorePatterns: ['/node_modules/', '/test/'] };
const TIMEOUT = '<rootDir>/test/jest/timeout.cjs';
const withNodes = {
	setupFilesAfterEnv: [TIMEOUT, '<rootDir>/test/integration/harness/userFolder.mts'],
};

export default {
	// Tests that start n8n mostly wait, but need memory.
	maxWorkers: 3,
	workerIdleMemoryLimit: '300MB',
	// Fails a test that hangs, even on a slow machine.
	testTimeout: 600_000,
	coverageProvider: 'babel',
	collectCoverageFrom: ['credentials/**/*.ts', 'nodes/**/*.ts'],
	coverageReporters: [['text', { skipFull: true }]],
	coverageThreshold: { global: { branches: 100 } },
	testSequencer: '<rootDir>/test/jest/sequencer.cjs',
	projects: [
		project('unit', { ...withCoverage, setupFilesAfterEnv: [TIMEOUT] }),
		project('integration', { ...withNodes, ...withCoverage, n8n: process.env.N8N_FOLDER ?? ROOT }),
		project('simulator'),
		project('package'),
		project('minimumN8n', {
			...withNodes,
			globalSetup: '<rootDir>/test/jest/installMinimumN8n.mjs',
			tests: DEPENDS_ON_N8N,
			n8n: await getMinimumN8nFolder(),
		}),
		project('docs', { ...withNodes, ...withN8n, n8n: await getN8nFolder() }),
		project('lab', withN8n),
		project('e2e', withN8n),
		project('editor', withN8n),
		project('queue', withN8n),
		project('chaos', withN8n),
		project('n8n1', { globalSetup: '<rootDir>/test/jest/installN8n1.mjs' }),
		project('fuzz'),
	],
};
