import { tsImport } from 'tsx/esm/api';

/** @type {typeof import('./dev/lab/index.mts')} */
const { minimumN8nFolder, n8nFolder } = await tsImport('./dev/lab/index.mts', import.meta.url);

const ROOT = import.meta.dirname;

/** Tests of the nodes that depend on n8n itself. They run with the minimum and the current version, too. */
const DEPENDS_ON_N8N =
	'integration/{n8nVersion,acknowledge,connection,durableRecord,hostileService,intermediaries,overdue,reception,registration,node/{beforeItems,credentialOfItem,event,execution,operations,retryOnFail,tool}}';

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
		// The nodes share n8n's classes only if both load the CommonJS build of the same copy.
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
		// Promises and streams of Node need these two.
		fakeTimers: { doNotFake: ['nextTick', 'queueMicrotask'] },
		restoreMocks: true,
		// Coverage counts what the tests of `withCoverage` run, and no other.
		coveragePathIgnorePatterns: ['/'],
		...options,
	};
}

const withN8n = { globalSetup: '<rootDir>/test/jest/installN8n.mjs' };
const withCoverage = { coveragePathIgnorePatterns: ['/node_modules/', '/test/'] };
const withNodes = {
	setupFilesAfterEnv: ['<rootDir>/test/integration/harness/userFolder.mts'],
};
const withNodesInN8n = { ...withNodes, ...withN8n };

export default {
	// Most tests wait, and those with an n8n of their own need memory.
	maxWorkers: 3,
	workerIdleMemoryLimit: '512MB',
	// Ends a test that hangs. No test is supposed to come near it, however busy the machine.
	testTimeout: 600_000,
	coverageProvider: 'babel',
	collectCoverageFrom: ['credentials/**/*.ts', 'nodes/**/*.ts'],
	coverageReporters: [['text', { skipFull: true }]],
	coverageThreshold: { global: { branches: 100 } },
	testSequencer: '<rootDir>/test/jest/sequencer.cjs',
	projects: [
		project('unit', withCoverage),
		project('integration', { ...withNodes, ...withCoverage, n8n: process.env.N8N_FOLDER ?? ROOT }),
		project('simulator'),
		project('package'),
		project('minimumN8n', {
			...withNodes,
			globalSetup: '<rootDir>/test/jest/installMinimumN8n.mjs',
			tests: DEPENDS_ON_N8N,
			n8n: await minimumN8nFolder(),
		}),
		project('currentN8n', { ...withNodesInN8n, tests: DEPENDS_ON_N8N, n8n: await n8nFolder() }),
		project('docs', { ...withNodesInN8n, n8n: await n8nFolder() }),
		project('lab', withN8n),
		project('e2e', withN8n),
		project('editor', withN8n),
		project('queue', withN8n),
		project('chaos', withN8n),
		project('fuzz'),
	],
};
