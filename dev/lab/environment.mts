import { delimiter, dirname, join } from 'node:path';
import type { N8nInstallation } from './installN8n.mts';

export interface N8nPorts {
	/** Editor, REST API, webhooks and the readiness check, as far as a process has them. */
	main: number;
	/** For n8n's task runners. */
	taskBroker: number;
}

// n8n inherits only these variables, so that it behaves the same on every machine.
const INHERITED = ['HOME', 'LANG', 'PATH', 'SYSTEMROOT', 'TEMP', 'TMP', 'TMPDIR', 'TZ'];

// n8n sends no requests to the internet and shows no surveys.
const OFFLINE_SETTINGS = {
	EXTERNAL_FRONTEND_HOOKS_URLS: '',
	N8N_AI_ENABLED: 'false',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	npm_config_offline: 'true', // n8n looks for updates of community packages
};

/** The environment variables of an n8n process. `extra` overrides them. */
export function createEnvironment(
	nodeBinary: string,
	userFolder: string,
	ports: N8nPorts,
	extra: Record<string, string>,
): NodeJS.ProcessEnv {
	const inherited = Object.entries(process.env).filter(([name]) =>
		INHERITED.includes(name.toUpperCase()),
	);
	return {
		...Object.fromEntries(inherited),
		PATH: `${dirname(nodeBinary)}${delimiter}${process.env.PATH ?? ''}`,
		...OFFLINE_SETTINGS,
		N8N_USER_FOLDER: userFolder,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_PORT: String(ports.main),
		N8N_RUNNERS_BROKER_PORT: String(ports.taskBroker),
		N8N_SECURE_COOKIE: 'false',
		N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		QUEUE_HEALTH_CHECK_PORT: String(ports.main),
		WEBHOOK_URL: `http://localhost:${ports.main}/`,
		...extra,
	};
}

/** The environment variables of an installation. */
export function createInstallationEnv({ directory, release }: N8nInstallation) {
	return {
		...release.env,
		// Node.js caches n8n's compiled code, which saves 1 s at each start.
		NODE_COMPILE_CACHE: join(directory, 'compiled'),
		NODE_COMPILE_CACHE_PORTABLE: '1',
	};
}
