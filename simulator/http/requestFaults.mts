import type {
	onSendHookHandler,
	preValidationAsyncHookHandler,
	FastifyReply,
	FastifyRequest,
} from 'fastify';

import type { ApiFault } from '../faults/fault.mts';
import type { FaultInjector } from '../faults/faultInjector.mts';
import type { Clock } from '../runtime/clock.mts';
import { createErrorBody } from './apiError.mts';
import type { RequestRecorder } from './requestLog.mts';

declare module 'fastify' {
	interface FastifyRequest {
		recorder?: RequestRecorder;
		fault?: ApiFault;
	}
}

/** Injects the faults that prevent processing: `response`, `reset` and `timeout`. */
export function injectRequestFault(faults: FaultInjector): preValidationAsyncHookHandler {
	return async (request, reply) => {
		const path = request.url.replace(/^\/v1/, '').replace(/\?.*$/, '');
		const fault = faults.selectRequestFault(request.method, path);
		request.fault = fault;
		switch (fault?.kind) {
			case 'response':
				return await sendFaultResponse(fault, reply);
			case 'reset':
			case 'timeout':
				return withholdResponse(fault.kind, request, reply);
		}
	};
}

/** Injects the faults after processing: `lost-response` and `slow-response`. */
export function injectResponseFault(clock: Clock): onSendHookHandler {
	return (request, reply, payload, done) => {
		const { fault } = request;
		if (fault?.kind === 'lost-response') {
			withholdResponse(fault.kind, request, reply);
			return;
		}
		const respond = () => {
			request.recorder?.end({ status: reply.statusCode, ...(fault && { fault: fault.kind }) });
			done(null, payload);
		};
		if (fault?.kind === 'slow-response') clock.waitReal(fault.delayMs).then(respond, () => {});
		else respond();
	};
}

async function sendFaultResponse(
	{ status, retryAfter, body }: Extract<ApiFault, { kind: 'response' }>,
	reply: FastifyReply,
): Promise<FastifyReply> {
	if (retryAfter !== undefined) reply.header('Retry-After', String(retryAfter));
	return await reply.code(status).send(body ?? createErrorBody(status, 'Injected fault'));
}

function withholdResponse(
	kind: 'reset' | 'timeout' | 'lost-response',
	request: FastifyRequest,
	reply: FastifyReply,
): FastifyReply {
	reply.hijack();
	if (kind !== 'timeout') request.raw.socket.destroy();
	request.recorder?.end({ status: null, fault: kind });
	return reply;
}
