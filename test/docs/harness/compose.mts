import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export const COMPOSE_FILES = ['docker/compose.yml', 'docker/compose.queue.yml'];

export interface Service {
	image: string;
	environment?: Record<string, string>;
	healthcheck?: { test: string[] };
	ports?: string[];
	/** Such as `75s`. */
	stop_grace_period?: string;
}

/** The services of a Compose file by name. Their variables are not replaced. */
export function readServices(file: string): Record<string, Service> {
	return (
		parse(readFileSync(file, 'utf8'), { merge: true }) as { services: Record<string, Service> }
	).services;
}

/** Those services of a Compose file that run n8n. */
export function readN8nServices(file: string): Service[] {
	return Object.values(readServices(file)).filter(({ image }) => image.includes('${N8N_VERSION'));
}
