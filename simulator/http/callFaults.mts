import type {
	onSendHookHandler,
	preValidationAsyncHookHandler,
	FastifyReply,
	FastifyRequest,
} from 'fastify';

import type { Clock } from '../clock.mts';
import type { ApiFault } from '../faults/fault.mts';
import type { Faults } from '../faults/faults.mts';
import { errorBody } from './apiError.mts';
import './requestState.mts';

/** Before a call is carried out: the faults that leave it undone. */
export function strikeCall(faults: Faults): preValidationAsyncHookHandler {
	return async (request, reply) => {
		const path = request.url.replace(/^\/v1/, '').replace(/\?.*$/, '');
		const fault = faults.strikeCall(request.method, path);
		request.fault = fault;
		switch (fault?.kind) {
			case 'answer':
				return await sendFault(fault, reply);
			case 'reset':
			case 'timeout':
				return leaveUnanswered(fault.kind, request, reply);
		}
	};
}

/** After it was carried out: the faults that lose or delay the answer. */
export function strikeAnswer(clock: Clock): onSendHookHandler {
	return (request, reply, payload, done) => {
		const { fault } = request;
		if (fault?.kind === 'lost-answer') {
			leaveUnanswered(fault.kind, request, reply);
			return;
		}
		const end = () => {
			request.recorded?.end({ status: reply.statusCode, ...(fault && { fault: fault.kind }) });
			done(null, payload);
		};
		if (fault?.kind === 'slow-answer') clock.waitReal(fault.delayMs).then(end, () => {});
		else end();
	};
}

async function sendFault(
	{ status, retryAfter, body }: Extract<ApiFault, { kind: 'answer' }>,
	reply: FastifyReply,
): Promise<FastifyReply> {
	if (retryAfter !== undefined) reply.header('Retry-After', String(retryAfter));
	return await reply.code(status).send(body ?? errorBody(status, 'A fault on request'));
}

function leaveUnanswered(
	kind: 'reset' | 'timeout' | 'lost-answer',
	request: FastifyRequest,
	reply: FastifyReply,
): FastifyReply {
	reply.hijack();
	if (kind !== 'timeout') request.raw.socket.destroy();
	request.recorded?.end({ status: null, fault: kind });
	return reply;
}
