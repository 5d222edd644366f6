// Prints the results of n8n's scan and of publint as JSON. Runs in a separate process, because Jest cannot load these ES
// modules. Arguments: the folder of the packed package, the folder of this project.
import {
	analyzePackage,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';
import { publint } from 'publint';

const [packed = '', sources = ''] = process.argv.slice(2);
const { messages } = await publint({ pkgDir: packed, pack: false });
const result = {
	packed: await analyzePackage(packed),
	sources: await analyzePackage(sources, SOURCE_FILE_PATTERNS),
	publint: messages,
};
console.log(JSON.stringify(result));
