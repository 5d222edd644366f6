import { delimiter, dirname, join } from 'node:path';

export interface N8nPorts {
	/** Editor, REST API and webhooks, as far as a process has them, and whether it is ready. */
	main: number;
	/** Where n8n's task runners ask for work. */
	taskBroker: number;
}

// Of the caller's variables only these reach n8n, so that it is the same everywhere.
const PASSED_ON = ['HOME', 'LANG', 'PATH', 'SYSTEMROOT', 'TEMP', 'TMP', 'TMPDIR', 'TZ'];

// n8n asks nobody on the network and asks its user no questions.
const QUIET = {
	EXTERNAL_FRONTEND_HOOKS_URLS: '',
	N8N_AI_ENABLED: 'false',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_DISABLED_MODULES: 'mcp-registry', // fetches a list of servers at each start
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	npm_config_offline: 'true', // n8n asks npm for newer versions of what is installed
};

/** The variables that n8n runs with. Those of `extra` win. */
export function n8nEnvironment(
	nodeBinary: string,
	userFolder: string,
	ports: N8nPorts,
	extra: Record<string, string>,
): NodeJS.ProcessEnv {
	const passedOn = Object.entries(process.env).filter(([name]) =>
		PASSED_ON.includes(name.toUpperCase()),
	);
	return {
		...Object.fromEntries(passedOn),
		PATH: `${dirname(nodeBinary)}${delimiter}${process.env.PATH ?? ''}`,
		...QUIET,
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

/** Node keeps what it has compiled of n8n here, which makes each next start 1 s shorter. */
export function compileCache(directory: string): Record<string, string> {
	return { NODE_COMPILE_CACHE: join(directory, 'compiled'), NODE_COMPILE_CACHE_PORTABLE: '1' };
}
