// Mutation testing: `npm run mutation [-- --mutate <file>]`. Stryker needs a newer Node.js than this project, so it runs
// with the one that is installed with n8n.
import { spawnSync } from 'node:child_process';

import { installN8n } from '../lab/index.mts';

const STRYKER = 'node_modules/@stryker-mutator/core/bin/stryker.js';
const CONFIG = 'test/mutation/stryker.config.mjs';

const { nodeBinary } = await installN8n({ onProgress: console.error });
const args = [STRYKER, 'run', CONFIG, ...process.argv.slice(2)];
process.exitCode = spawnSync(nodeBinary, args, { stdio: 'inherit' }).status ?? 1;
