import { fileURLToPath } from 'node:url';

/** What must not be wrong unnoticed; what only describes fields is left out. */
const MUTATED = [
	'nodes/shared/{address,answerBody,api,apiFault,event,nesting,publicUrl,signature,transport,webhooks}.ts',
	'nodes/shared/{rateLimitGate,retries,retry}.ts',
	'nodes/shared/registration/*.ts',
	'nodes/MindPeekerTrigger/{deduplication,reception,registration}/*.ts',
	'nodes/MindPeeker/execution/*.ts',
	'nodes/MindPeeker/resources/answer.ts',
	'nodes/MindPeeker/resources/{analysis,event,session,webhook}/*.ts',
	'!nodes/MindPeeker/resources/**/{index,fields,locator,sessionId}.ts',
];

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	testRunner: 'vitest',
	vitest: { configFile: 'test/mutation/vitest.config.mts', related: false },
	plugins: [
		'@stryker-mutator/vitest-runner',
		fileURLToPath(new URL('descriptions.mjs', import.meta.url)),
	],
	ignorers: ['descriptions'],
	mutate: MUTATED,
	coverageAnalysis: 'perTest',
	concurrency: 2,
	tempDirName: 'coverage/stryker',
	reporters: ['progress', 'json'],
	jsonReporter: { fileName: 'coverage/mutation.json' },
};
