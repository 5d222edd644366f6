// Prints, as JSON, what n8n's scan and publint say of a packed package and of this project's sources. A process of its
// own: these tools are ES modules, which Jest cannot load.
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
