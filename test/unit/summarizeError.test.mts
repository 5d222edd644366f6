import { describe, expect, it } from '@jest/globals';

import { summarizeError } from '../../nodes/shared/summarizeError.ts';

const error = (message: string, fields: object = {}) => Object.assign(new Error(message), fields);

describe('the cause of an error', () => {
	it.each<[string, unknown, string]>([
		['its code and message', error('read', { code: 'ECONNRESET' }), 'ECONNRESET read'],
		[
			"what n8n's own text stands for",
			error('The service refused the connection', {
				httpCode: 'ECONNREFUSED',
				cause: error('connect ECONNREFUSED', { code: 'ECONNREFUSED' }),
			}),
			'ECONNREFUSED connect ECONNREFUSED',
		],
		[
			'all that caused it',
			error('a', { cause: error('b', { code: 'EB', cause: error('c', { code: 'EC' }) }) }),
			'EB b EC c',
		],
		[
			'what failed at the first of several addresses',
			error('', { code: 'ETIMEDOUT', errors: [error('connect ETIMEDOUT'), error('other')] }),
			'ETIMEDOUT connect ETIMEDOUT',
		],
		['what n8n keeps beside its text', error('n8n', { messages: ['first', 'n8n'] }), 'first n8n'],
		['what of it is text', error('text', { code: 7, httpCode: null, messages: [{}] }), 'text'],
		['no empty word', error('', { cause: error('b', { code: '' }) }), 'b'],
		['nothing of what is no error', 'text', ''],
		['nothing of nothing', undefined, ''],
	])('is %s', (_, thrown, cause) => {
		expect(summarizeError(thrown)).toBe(cause);
	});

	it('is searched no deeper than five errors', () => {
		const deep = [6, 5, 4, 3, 2, 1].reduce<Error | undefined>(
			(cause, depth) => error(`e${depth}`, { cause }),
			undefined,
		);
		expect(summarizeError(deep)).toBe('e2 e3 e4 e5');
	});

	it('is found where errors cause each other', () => {
		const one = error('one');
		Object.assign(one, { cause: error('other', { cause: one }) });
		expect(summarizeError(one)).toBe('other one');
	});
});
