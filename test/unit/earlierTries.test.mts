import { OperationalError, type IHookFunctions } from 'n8n-workflow';
import { describe, expect, it } from '@jest/globals';

import { afterFailure } from '../../nodes/MindPeeker/execution/earlierTries.ts';
import type { ApiFault } from '../../nodes/shared/apiFault.ts';
import { MindPeekerError, MindPeekerOperationError } from '../../nodes/shared/mindPeekerError.ts';

const context = {
	getNode: () => ({ name: 'MindPeeker', type: 'mindPeeker', typeVersion: 1, parameters: {} }),
} as unknown as IHookFunctions;
const failureOf = (fault: ApiFault) => new MindPeekerError(context, fault, 'api.example.com');
const refused = (status: number) => failureOf({ kind: 'refused', status });
const unreachable = (cause: string) => failureOf({ kind: 'unreachable', cause });

describe('what certainly was not done may be tried again', () => {
	it.each<[string, Error]>([
		...[300, 400, 401, 403, 404, 409, 422, 429].map(
			(status) => [`a status of ${status}`, refused(status)] as [string, Error],
		),
		...['ECONNREFUSED connect ECONNREFUSED 127.0.0.1:9', 'ENOTFOUND', 'EAI_AGAIN'].map(
			(cause) => [cause, unreachable(cause)] as [string, Error],
		),
		['a credential without a base url', failureOf({ kind: 'no-base-url' })],
		['a parameter', new MindPeekerOperationError(context, { what: 'Target is empty' })],
	])('%s', (_, failure) => {
		expect(afterFailure('nonIdempotent', failure)).toBeUndefined();
		expect(afterFailure('idempotent', failure)).toBeUndefined();
	});
});

describe('what may have been done is not done twice, unless that is harmless', () => {
	it.each<[string, MindPeekerError]>([
		...[500, 501, 502, 503, 504, 599].map(
			(status) => [`a status of ${status}`, refused(status)] as [string, MindPeekerError],
		),
		...['ECONNRESET', 'ETIMEDOUT', 'ECONNABORTED', 'aborted', ''].map(
			(cause) => [`"${cause}"`, unreachable(cause)] as [string, MindPeekerError],
		),
		['an unintelligible answer', failureOf({ kind: 'unintelligible', detail: 'no object' })],
	])('%s', (_, failure) => {
		expect(afterFailure('nonIdempotent', failure)).toEqual({ failure });
		expect(afterFailure('idempotent', failure)).toEqual({ mayBeDone: true });
	});
});

it('an interruption leaves open whether a call that is repeated was done before', () => {
	const interruption = new OperationalError('The execution was stopped');
	expect(afterFailure('idempotent', interruption)).toEqual({ mayBeDone: true });
	expect(afterFailure('nonIdempotent', interruption)).toBeUndefined();
});
