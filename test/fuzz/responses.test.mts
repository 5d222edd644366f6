import fc from 'fast-check';
import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { Readable } from 'node:stream';
import { expect } from '@jest/globals';

import { ApiConnection } from '../../nodes/shared/api/connection.ts';
import { MindPeekerApiError } from '../../nodes/shared/api/error.ts';
import { createWebhookApi, type Webhook } from '../../nodes/shared/api/webhooks.ts';
import { mutate } from './harness/mutate.mts';
import { fuzz } from './harness/fuzz.mts';

const API_KEY = 'mp_live_0123456789abcdef';
const SECRET = 'whsec_of_the_credential';
/** n8n replaces an error message with one of these words, or stops publishing. */
const TEXTS_THAT_N8N_INTERPRETS =
	/ECONN|ENOTFOUND|ETIMEDOUT|EHOST|EAI_AGAIN|getaddrinfo|authorization/i;
const MAX_REQUESTS = 100;

interface GeneratedResponse {
	status: number;
	headers?: Record<string, string>;
	body: Buffer;
	cuts: number[];
}

/** Creates an n8n context that responds to requests with these responses in turn. */
function createContext(
	responses: readonly GeneratedResponse[],
	requests: IDataObject[] = [],
): IHookFunctions {
	return {
		getNode: () => ({ name: 'MindPeeker', type: 'mindPeeker', typeVersion: 1, parameters: {} }),
		getCredentials: async () => ({
			apiKey: API_KEY,
			signingSecret: SECRET,
			environment: 'custom',
			baseUrl: 'http://127.0.0.1:9/v1',
		}),
		helpers: {
			httpRequestWithAuthentication: async (_: string, request: IDataObject) => {
				requests.push(request);
				const { status, headers = {}, body, cuts } = responses[requests.length % responses.length]!;
				return { statusCode: status, headers, body: Readable.from(split(body, cuts)) };
			},
		},
	} as unknown as IHookFunctions;
}

/** Splits at fractions of the length, also in the middle of a character. */
function split(body: Buffer, cuts: readonly number[]): Buffer[] {
	const offsets = [0, ...cuts.map((fraction) => Math.floor(fraction * body.length)), body.length];
	offsets.sort((a, b) => a - b);
	return offsets.slice(1).map((end, index) => body.subarray(offsets[index], end));
}

const webhook = fc.record(
	{
		id: fc.oneof(
			fc.constantFrom('wh_1', 'wh_2', '', '..', 7, 2 ** 53, '\ud800', 'a\nb'),
			fc.string({ unit: 'binary' }),
			fc.jsonValue(),
		),
		url: fc.oneof(fc.webUrl(), fc.jsonValue()),
		events: fc.oneof(fc.constant(['session.completed']), fc.jsonValue()),
		secret: fc.constant(SECRET),
		active: fc.oneof(fc.boolean(), fc.jsonValue()),
		status: fc.oneof(fc.constantFrom('active', 'failed'), fc.jsonValue()),
	},
	{ requiredKeys: [] },
);
const webhooks = fc.array(fc.oneof(webhook, fc.jsonValue()), { maxLength: 4 });
const page = fc.oneof(
	webhooks,
	fc.record(
		{
			data: fc.oneof(webhooks, fc.jsonValue()),
			webhooks: fc.oneof(webhooks, fc.jsonValue()),
			has_more: fc.oneof(fc.boolean(), fc.jsonValue()),
			next_cursor: fc.oneof(fc.string(), fc.jsonValue()),
		},
		{ requiredKeys: [] },
	),
	fc.jsonValue(),
);
const phrase = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.constantFrom(
		API_KEY,
		SECRET,
		'connect ECONNREFUSED',
		'Authorization failed',
		' \n',
		'\u001b[31m',
		'\u202e',
	),
);
const texts = fc.array(phrase, { maxLength: 4 }).map((parts) => parts.join(' '));
const errorBody = fc.oneof(
	texts.map((message) => ({ message })),
	texts.map((error) => ({ error })),
	texts.map((message) => ({ error: { message } })),
	fc.jsonValue(),
);
const toBytes = (value: fc.Arbitrary<unknown>) =>
	mutate(value.map((content) => JSON.stringify(content)));
/** A page of a firewall, a proxy or a gateway. */
const webPage = texts.chain((title) =>
	fc
		.constantFrom(
			`<html><title>${title}</title>`,
			`<html>${' '.repeat(64 * 1024 - 30)}<title>${title}`,
			`<Error><Message>${title.replace(/[^a-z]/g, (letter) => `&#${letter.codePointAt(0)};`)}`,
			title,
		)
		.map((page) => Buffer.from(page)),
);
const headers = fc.record(
	{
		server: phrase,
		location: fc.oneof(phrase, fc.webUrl(), fc.constant(`https://${API_KEY}.example.com/`)),
		'www-authenticate': fc.oneof(phrase, fc.constantFrom('Basic', 'Bearer', API_KEY)),
		'retry-after': phrase,
	},
	{ requiredKeys: [] },
);
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 });

fuzz(
	'a list returns webhooks with valid IDs and without secrets, or a clear error',
	fc.array(fc.record({ status: fc.constant(200), body: fc.oneof(toBytes(page), webPage), cuts }), {
		minLength: 1,
		maxLength: 4,
	}),
	async (responses) => {
		const requests: IDataObject[] = [];
		const listed = await listWebhooks(createContext(responses, requests));
		expect(requests.length).toBeLessThanOrEqual(MAX_REQUESTS);
		if (listed instanceof Error) return expectClearError(listed);
		for (const { id, url, events, active, raw } of listed) {
			expect(id).toMatch(/^(?!\.{1,2}$)[\x21-\x7e]{1,256}$/);
			expect(() => encodeURIComponent(id)).not.toThrow();
			expect([typeof url, typeof active]).toEqual(['string', 'boolean']);
			expect(events.every((type) => typeof type === 'string')).toBe(true);
			expect(raw).not.toHaveProperty('secret');
		}
	},
);

fuzz(
	'an error response becomes an error without the API key, secrets and words that n8n acts on',
	fc.record({
		status: fc.oneof(fc.integer({ min: 300, max: 599 }), fc.constantFrom(401, 403, 404, 409, 500)),
		headers,
		body: fc.oneof(toBytes(errorBody), webPage),
		cuts,
	}),
	async (response) => {
		const listed = await listWebhooks(createContext([response]));
		expect(listed).toBeInstanceOf(MindPeekerApiError);
		expectClearError(listed as Error);
	},
);

async function listWebhooks(context: IHookFunctions): Promise<Webhook[] | Error> {
	return await createWebhookApi(await ApiConnection.connect(context))
		.list()
		.catch((error: Error) => error);
}

function expectClearError(error: Error): void {
	expect(error).toBeInstanceOf(MindPeekerApiError);
	expect(error.message).toMatch(
		/^(MindPeeker('s)?|The (server at|API key)|This already exists in MindPeeker) .*\.$/s,
	);
	expect(error.message.length).toBeLessThan(700);
	const all = JSON.stringify(error) + error.message + error.stack;
	expect(all).not.toContain(API_KEY);
	expect(all).not.toContain(SECRET);
	expect(error.message).not.toMatch(TEXTS_THAT_N8N_INTERPRETS);
	expect(error.message).not.toMatch(/\p{C}/u);
}
