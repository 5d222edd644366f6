import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { findProgram } from './documentedPrograms.mts';
import { DOCUMENTED_N8N, startDocumentedProxy, type DocumentedProxy } from './documentedProxy.mts';

/** The public name of n8n in the documentation. */
const DOCUMENTED_SITE = 'n8n.example.com';
const TEST_OPTIONS = '{\n\tadmin off\n\tauto_https off\n\tlog {\n\t\tlevel ERROR\n\t}\n}\n';

/** Starts Caddy with a Caddyfile. The site has no certificate, and requests to n8n's address go to the backend. */
export async function startCaddy(caddyfile: string): Promise<DocumentedProxy> {
	return await startDocumentedProxy(findProgram('caddy'), ({ folder, port, backendAddress }) => {
		const file = join(folder, 'Caddyfile');
		const sites = caddyfile
			.replaceAll(DOCUMENTED_SITE, `http://127.0.0.1:${port}`)
			.replaceAll(DOCUMENTED_N8N, backendAddress);
		writeFileSync(file, TEST_OPTIONS + sites);
		return ['run', '--config', file, '--adapter', 'caddyfile'];
	});
}
