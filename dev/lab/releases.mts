import { fileURLToPath } from 'node:url';
import type { RestClient } from './restClient.mts';
import { Activator, type Publisher, PublicationService } from './publisher.mts';

/** A version of n8n that the lab can install, with all that the lab does differently for it. */
export interface Release {
	version: string;
	/** The folder with its package.json and lockfile. */
	source: string;
	/** Environment variables. */
	env: Record<string, string>;
	/** Publishes workflows. */
	Publisher: new (rest: RestClient, lastLines: () => string) => Publisher;
}

export const CURRENT_N8N: Release = {
	version: '2.41.1',
	source: fileURLToPath(new URL('n8n', import.meta.url)),
	// This module downloads a list of servers at each start. n8n 1.x does not start if it does not know a module.
	env: { N8N_DISABLED_MODULES: 'mcp-registry' },
	Publisher: PublicationService,
};

export const N8N_VERSION = CURRENT_N8N.version;

/** The newest n8n 1.x. */
export const N8N_1: Release = {
	version: '1.123.81',
	source: fileURLToPath(new URL('n8n-1', import.meta.url)),
	// On a busy machine, a ping of the database takes more than 5 s. n8n 1.x then rejects requests.
	env: { DB_PING_INTERVAL_SECONDS: '86400' },
	Publisher: Activator,
};
