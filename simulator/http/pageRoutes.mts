import { readdir, readFile } from 'node:fs/promises';

import type { FastifyPluginAsync } from 'fastify';

import { usage } from '../usage.mts';

const PAGE = new URL('../page/', import.meta.url);
const ICON = new URL('../../icons/mindpeeker.svg', import.meta.url);

const TYPES: Record<string, string> = {
	css: 'text/css; charset=utf-8',
	js: 'text/javascript; charset=utf-8',
};

const HEADERS = {
	// What receivers and callers send is shown on the page, and must never run there.
	'Content-Security-Policy':
		"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	'X-Content-Type-Options': 'nosniff',
	'Referrer-Policy': 'no-referrer',
	'Cache-Control': 'no-cache',
};

/** How to reach the simulator, known once it listens. */
export type Access = () => { origin: string; apiKey: string };

/** The page for people at `/`, where programs get the usage as plain text. */
export function pageRoutes(access: Access): FastifyPluginAsync {
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
			const { origin, apiKey } = access();
			return reply.type('text/plain; charset=utf-8').send(usage(origin, apiKey));
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
