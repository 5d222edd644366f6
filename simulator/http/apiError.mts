import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

const CODES: Record<number, string> = {
	401: 'unauthorized',
	403: 'forbidden',
	404: 'not_found',
	409: 'conflict',
	429: 'rate_limited',
};

interface ErrorDetails {
	/** The invalid part of the request, such as `events[0]`. */
	param?: string;
	/** In seconds. */
	retryAfter?: number;
}

/** An error response of the API. */
export class ApiError extends Error {
	constructor(
		readonly status: number,
		message: string,
		readonly details: ErrorDetails = {},
	) {
		super(message);
	}
}

export function requireFound<T>(name: string, value: T | undefined): T {
	if (value === undefined) throw new ApiError(404, `There is no such ${name}`);
	return value;
}

/** Turns a TypeError or a RangeError into a response with 400. */
export async function convertTo400<T>(action: () => T): Promise<T> {
	try {
		return action();
	} catch (error) {
		if (error instanceof TypeError || error instanceof RangeError) {
			throw new ApiError(400, error.message);
		}
		throw error;
	}
}

export function handleUnknownRoute(): never {
	throw new ApiError(404, 'There is no such route');
}

/** The body of the API's error responses. */
export function createErrorBody(status: number, message: string, param?: string): object {
	const code = CODES[status] ?? (status >= 500 ? 'server_error' : 'invalid_request');
	return { error: { code, message, ...(param && { param }) } };
}

/** Fastify's error handler. */
export function handleError(
	error: FastifyError | ApiError,
	_request: FastifyRequest,
	reply: FastifyReply,
): FastifyReply {
	if (error instanceof ApiError) {
		const { param, retryAfter } = error.details;
		if (retryAfter !== undefined) reply.header('Retry-After', String(retryAfter));
		return reply.code(error.status).send(createErrorBody(error.status, error.message, param));
	}
	const [validationError] = error.validation ?? [];
	if (validationError) {
		const { param, message } = describeValidationError(validationError);
		return reply.code(400).send(createErrorBody(400, message, param));
	}
	const status = error.statusCode ?? 500;
	if (status >= 500) console.error(error);
	return reply.code(status).send(createErrorBody(status, error.message));
}

type ValidationError = NonNullable<FastifyError['validation']>[number] & {
	/** The violated schema. Ajv adds it in its verbose mode. */
	parentSchema?: { description?: string };
};

function describeValidationError(error: ValidationError): { param?: string; message: string } {
	const { keyword, instancePath, params, parentSchema, message = 'is not valid' } = error;
	const property = params.missingProperty ?? params.additionalProperty;
	const path = property === undefined ? instancePath : `${instancePath}/${String(property)}`;
	const param = path
		.slice(1)
		.replaceAll('/', '.')
		.replace(/\.(\d+)/g, '[$1]');
	if (keyword === 'required') return { param, message: `${param} is missing` };
	if (keyword === 'additionalProperties') return { param, message: `${param} is unknown` };
	const reason = parentSchema?.description ?? message;
	return param ? { param, message: `${param} ${reason}` } : { message: `The body ${reason}` };
}
