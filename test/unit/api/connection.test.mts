import { describe, expect, it } from '@jest/globals';

import { BASE_URL_EXPRESSION, getBaseUrl } from '../../../nodes/shared/api/connection.ts';

/** Evaluates the expression as n8n does. */
const evaluate = (credentials: object) =>
	new Function('$credentials', `return ${BASE_URL_EXPRESSION.replace(/^=\{\{|\}\}$/g, '')}`)(
		credentials,
	) as string;

describe('the base URL', () => {
	it.each([
		[{ environment: 'production' }, 'https://api.mindpeeker.com/v1'],
		[{ environment: 'staging' }, 'https://staging-api.mindpeeker.com/v1'],
		[{ environment: 'development' }, 'https://dev-api.mindpeeker.com/v1'],
		[
			{ environment: 'production', baseUrl: 'https://evil.example' },
			'https://api.mindpeeker.com/v1',
		],
		[{ environment: 'custom', baseUrl: 'http://127.0.0.1:4010/v1' }, 'http://127.0.0.1:4010/v1'],
		[
			{ environment: 'custom', baseUrl: ' http://127.0.0.1:4010/v1// ' },
			'http://127.0.0.1:4010/v1',
		],
		[{ environment: 'custom' }, ''],
	])('of %j is %s, in requests and in the credential test', (credential, url) => {
		expect(getBaseUrl(credential)).toBe(url);
		expect(evaluate(credential)).toBe(url);
	});
});
