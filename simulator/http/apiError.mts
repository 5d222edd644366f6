import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

const CODES: Record<number, string> = {
	401: 'unauthorized',
	403: 'forbidden',
	404: 'not_found',
	409: 'conflict',
	429: 'rate_limited',
};

interface ErrorDetails {
	/** Which part of the request is wrong, such as `events[0]`. */
	param?: string;
	/** In seconds. */
	retryAfter?: number;
}

/** An answer that says no. */
export class ApiError extends Error {
	constructor(
		readonly status: number,
		message: string,
		readonly details: ErrorDetails = {},
	) {
		super(message);
	}
}

/** Fastify's handler for what it has no route for. */
export function refuseUnknownRoute(): never {
	throw new ApiError(404, 'There is no such route');
}

/** The service's form of an error. */
export function errorBody(status: number, message: string, param?: string): object {
	const code = CODES[status] ?? (status >= 500 ? 'server_error' : 'invalid_request');
	return { error: { code, message, ...(param && { param }) } };
}

/** Fastify's error handler: every error takes the service's form. */
export function answerError(
	error: FastifyError | ApiError,
	_request: FastifyRequest,
	reply: FastifyReply,
): FastifyReply {
	if (error instanceof ApiError) {
		const { param, retryAfter } = error.details;
		if (retryAfter !== undefined) reply.header('Retry-After', String(retryAfter));
		return reply.code(error.status).send(errorBody(error.status, error.message, param));
	}
	const [invalid] = error.validation ?? [];
	if (invalid) {
		const { param, message } = describeInvalid(invalid);
		return reply.code(400).send(errorBody(400, message, param));
	}
	const status = error.statusCode ?? 500;
	if (status >= 500) console.error(error);
	return reply.code(status).send(errorBody(status, error.message));
}

type Invalid = NonNullable<FastifyError['validation']>[number] & {
	/** The schema that was not met; Ajv adds it in its verbose mode. */
	parentSchema?: { description?: string };
};

function describeInvalid(invalid: Invalid): { param?: string; message: string } {
	const { keyword, instancePath, params, parentSchema, message = 'is not valid' } = invalid;
	const extra = params.missingProperty ?? params.additionalProperty;
	const path = extra === undefined ? instancePath : `${instancePath}/${String(extra)}`;
	const param = path
		.slice(1)
		.replaceAll('/', '.')
		.replace(/\.(\d+)/g, '[$1]');
	if (keyword === 'required') return { param, message: `${param} is missing` };
	if (keyword === 'additionalProperties') return { param, message: `${param} is not known here` };
	const reason = parentSchema?.description ?? message;
	return param ? { param, message: `${param} ${reason}` } : { message: `The body ${reason}` };
}
