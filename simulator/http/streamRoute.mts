import type { FastifyPluginAsync } from 'fastify';

import { follow } from './follow.mts';
import type { Access } from './pageRoutes.mts';
import type { Service } from '../service.mts';
import { snapshotOf } from './streamMessage.mts';

const HEADERS = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' };
const RECONNECT_MS = 1_000;
// A reader that far behind is cut off: it connects again, and gets how things stand by then.
const MOST_UNREAD_BYTES = 8_000_000;

/** What happens, as server-sent events: one `snapshot` of how things stand, then a `change` whenever some do. */
export function streamRoute(service: Service, access: Access): FastifyPluginAsync {
	return async (app) => {
		// A HEAD of it would never end.
		app.get('/stream', { exposeHeadRoute: false }, (_request, reply) => {
			reply.hijack();
			const { raw } = reply;
			const send = (event: 'snapshot' | 'change', message: object) => {
				raw.write(`event: ${event}\ndata: ${JSON.stringify(message)}\n\n`);
				if (raw.writableLength > MOST_UNREAD_BYTES) raw.destroy();
			};
			raw.writeHead(200, HEADERS);
			raw.write(`retry: ${RECONNECT_MS}\n\n`);
			send('snapshot', snapshotOf(service, access()));
			const stop = follow(service, (change) => send('change', change));
			raw.once('close', stop);
		});
	};
}
