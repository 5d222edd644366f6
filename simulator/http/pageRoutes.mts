import { readdir, readFile } from 'node:fs/promises';

import type { FastifyPluginAsync } from 'fastify';

import { createHelpText } from '../createHelpText.mts';

const PAGE = new URL('../page/', import.meta.url);
const ICON = new URL('../../nodes/icons/mindpeeker.svg', import.meta.url);

const TYPES: Record<string, string> = {
	css: 'text/css; charset=utf-8',
	js: 'text/javascript; charset=utf-8',
};

const HEADERS = {
	// The page shows untrusted content from receivers, which must never run as a script.
	'Content-Security-Policy':
		"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	'X-Content-Type-Options': 'nosniff',
	'Referrer-Policy': 'no-referrer',
	'Cache-Control': 'no-cache',
};

/** Available once the server listens. */
export type GetConnectionDetails = () => { origin: string; apiKey: string };

/** At `/`, browsers get the page and other clients get the help text. */
export function pageRoutes(getConnectionDetails: GetConnectionDetails): FastifyPluginAsync {
	return async (app) => {
		app.addHook('onRequest', async (_request, reply) => {
			reply.headers(HEADERS);
		});

		app.get('/', async ({ headers }, reply) => {
			reply.header('Vary', 'Accept');
			if (headers.accept?.includes('text/html')) {
				return reply
					.type('text/html; charset=utf-8')
					.send(await readFile(new URL('index.html', PAGE)));
			}
			const { origin, apiKey } = getConnectionDetails();
			return reply.type('text/plain; charset=utf-8').send(createHelpText(origin, apiKey));
		});
		app.get('/page/icon.svg', async (_request, reply) =>
			reply.type('image/svg+xml').send(await readFile(ICON)),
		);
		for (const file of await readdir(PAGE)) {
			const type = TYPES[file.split('.').at(-1) ?? ''];
			if (type === undefined) continue;
			app.get(`/page/${file}`, async (_request, reply) =>
				reply.type(type).send(await readFile(new URL(file, PAGE))),
			);
		}
	};
}
