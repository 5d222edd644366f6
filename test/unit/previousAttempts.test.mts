import { OperationalError, type IHookFunctions } from 'n8n-workflow';
import { describe, expect, it } from '@jest/globals';

import { toPreviousAttempt } from '../../nodes/MindPeeker/execution/previousAttempts.ts';
import type { ApiFailure } from '../../nodes/shared/api/failure.ts';
import { MindPeekerApiError, MindPeekerOperationError } from '../../nodes/shared/api/error.ts';

const context = {
	getNode: () => ({ name: 'MindPeeker', type: 'mindPeeker', typeVersion: 1, parameters: {} }),
} as unknown as IHookFunctions;
const createError = (failure: ApiFailure) =>
	new MindPeekerApiError(context, failure, 'api.example.com');
const httpError = (status: number) => createError({ kind: 'http', status });
const networkError = (cause: string) => createError({ kind: 'network', cause });

describe('an item that certainly failed is repeated', () => {
	it.each<[string, Error]>([
		...[300, 400, 401, 403, 404, 409, 422, 429].map(
			(status) => [`status ${status}`, httpError(status)] as [string, Error],
		),
		...['ECONNREFUSED connect ECONNREFUSED 127.0.0.1:9', 'ENOTFOUND', 'EAI_AGAIN'].map(
			(cause) => [cause, networkError(cause)] as [string, Error],
		),
		['a credential without a base URL', createError({ kind: 'no-base-url' })],
		['an invalid parameter', new MindPeekerOperationError(context, { message: 'Target is empty' })],
	])('%s', (_, error) => {
		expect(toPreviousAttempt('nonIdempotent', error)).toBeUndefined();
		expect(toPreviousAttempt('idempotent', error)).toBeUndefined();
	});
});

describe('an item that may have succeeded is repeated only if that is harmless', () => {
	it.each<[string, MindPeekerApiError]>([
		...[500, 501, 502, 503, 504, 599].map(
			(status) => [`status ${status}`, httpError(status)] as [string, MindPeekerApiError],
		),
		...['ECONNRESET', 'ETIMEDOUT', 'ECONNABORTED', 'aborted', ''].map(
			(cause) => [`"${cause}"`, networkError(cause)] as [string, MindPeekerApiError],
		),
		['an invalid response', createError({ kind: 'invalid-response', problem: 'no object' })],
	])('%s', (_, error) => {
		expect(toPreviousAttempt('nonIdempotent', error)).toEqual({ error });
		expect(toPreviousAttempt('idempotent', error)).toEqual({ mayHaveSucceeded: true });
	});
});

it('after a cancellation, an idempotent item may have succeeded', () => {
	const cancellation = new OperationalError('The execution was stopped');
	expect(toPreviousAttempt('idempotent', cancellation)).toEqual({ mayHaveSucceeded: true });
	expect(toPreviousAttempt('nonIdempotent', cancellation)).toBeUndefined();
});
