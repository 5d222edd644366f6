import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { findProgram } from './documentedPrograms.mts';
import { DOCUMENTED_N8N, startDocumentedProxy, type DocumentedProxy } from './documentedProxy.mts';

/**
 * Starts nginx with one configuration inside its `server` block and one before it. Requests to n8n's address go to the
 * backend.
 */
export async function startNginx(inServer: string, beforeServer: string): Promise<DocumentedProxy> {
	const program = findProgram('nginx');
	return await startDocumentedProxy(program, ({ folder, port, backendAddress }) => {
		const file = join(folder, 'nginx.conf');
		const serverConfiguration = inServer.replaceAll(DOCUMENTED_N8N, backendAddress);
		writeFileSync(file, createConfiguration(serverConfiguration, beforeServer, port));
		const args = ['-p', folder, '-e', join(folder, 'error.log'), '-c', file];
		const check = spawnSync(program, ['-t', ...args], { encoding: 'utf8' });
		if (check.status !== 0) throw new Error(check.stderr);
		return args;
	});
}

function createConfiguration(inServer: string, beforeServer: string, port: number): string {
	const server = `${beforeServer}\nserver {\n listen 127.0.0.1:${port};\n${inServer}}`;
	const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
	const temporaryPaths = temporary.map((name) => `${name}_temp_path ${name};`).join('\n');
	return `daemon off;\npid nginx.pid;\nevents { worker_connections 4096; }\nhttp {\naccess_log off;\n${temporaryPaths}\n${server}\n}\n`;
}
