import fc from 'fast-check';
import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { Readable } from 'node:stream';
import { expect } from '@jest/globals';

import { ApiConnection } from '../../nodes/shared/api.ts';
import { MindPeekerError } from '../../nodes/shared/mindPeekerError.ts';
import { webhookApi, type Webhook } from '../../nodes/shared/webhooks.ts';
import { damaged } from './harness/damage.mts';
import { fuzz } from './harness/fuzz.mts';

const API_KEY = 'mp_live_0123456789abcdef';
const SECRET = 'whsec_of_the_credential';
/** By these n8n puts its own text in place of an error's, or gives a publication up. */
const TELLING_WORDS = /ECONN|ENOTFOUND|ETIMEDOUT|EHOST|EAI_AGAIN|getaddrinfo|authorization/i;
const MANY_CALLS = 100;

interface Answer {
	status: number;
	headers?: Record<string, string>;
	body: Buffer;
	cuts: number[];
}

/** n8n's context, whose requests are answered one after the other with what was made up. */
function contextWith(answers: readonly Answer[], asked: IDataObject[] = []): IHookFunctions {
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
				asked.push(request);
				const { status, headers = {}, body, cuts } = answers[asked.length % answers.length]!;
				return { statusCode: status, headers, body: Readable.from(inPieces(body, cuts)) };
			},
		},
	} as unknown as IHookFunctions;
}

/** Cut at places given as shares of the length, in the middle of a character too. */
function inPieces(body: Buffer, cuts: readonly number[]): Buffer[] {
	const places = [0, ...cuts.map((share) => Math.floor(share * body.length)), body.length];
	places.sort((one, other) => one - other);
	return places.slice(1).map((end, index) => body.subarray(places[index], end));
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
const said = fc.oneof(
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
const texts = fc.array(said, { maxLength: 4 }).map((parts) => parts.join(' '));
const refusal = fc.oneof(
	texts.map((message) => ({ message })),
	texts.map((error) => ({ error })),
	texts.map((message) => ({ error: { message } })),
	fc.jsonValue(),
);
const asBytes = (value: fc.Arbitrary<unknown>) =>
	damaged(value.map((content) => JSON.stringify(content)));
/** As of a firewall, a proxy or a gateway. */
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
		server: said,
		location: fc.oneof(said, fc.webUrl(), fc.constant(`https://${API_KEY}.example.com/`)),
		'www-authenticate': fc.oneof(said, fc.constantFrom('Basic', 'Bearer', API_KEY)),
		'retry-after': said,
	},
	{ requiredKeys: [] },
);
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 });

fuzz(
	'pages give webhooks that can be named, without a secret, or an error that says what is wrong',
	fc.array(fc.record({ status: fc.constant(200), body: fc.oneof(asBytes(page), webPage), cuts }), {
		minLength: 1,
		maxLength: 4,
	}),
	async (answers) => {
		const asked: IDataObject[] = [];
		const listed = await listThrough(contextWith(answers, asked));
		expect(asked.length).toBeLessThanOrEqual(MANY_CALLS);
		if (listed instanceof Error) return expectClear(listed);
		for (const { id, url, events, active, asSent } of listed) {
			expect(id).toMatch(/^(?!\.{1,2}$)[\x21-\x7e]{1,256}$/);
			expect(() => encodeURIComponent(id)).not.toThrow();
			expect([typeof url, typeof active]).toEqual(['string', 'boolean']);
			expect(events.every((type) => typeof type === 'string')).toBe(true);
			expect(asSent).not.toHaveProperty('secret');
		}
	},
);

fuzz(
	'a refusal becomes an error without a key, without a secret and without a word by which n8n acts',
	fc.record({
		status: fc.oneof(fc.integer({ min: 300, max: 599 }), fc.constantFrom(401, 403, 404, 409, 500)),
		headers,
		body: fc.oneof(asBytes(refusal), webPage),
		cuts,
	}),
	async (answer) => {
		const listed = await listThrough(contextWith([answer]));
		expect(listed).toBeInstanceOf(MindPeekerError);
		expectClear(listed as Error);
	},
);

async function listThrough(context: IHookFunctions): Promise<Webhook[] | Error> {
	return await webhookApi(await ApiConnection.connect(context))
		.list()
		.catch((error: Error) => error);
}

function expectClear(error: Error): void {
	expect(error).toBeInstanceOf(MindPeekerError);
	expect(error.message).toMatch(/^(MindPeeker('s)?|What answered at) .*\.$/s);
	expect(error.message.length).toBeLessThan(700);
	const all = JSON.stringify(error) + error.message + error.stack;
	expect(all).not.toContain(API_KEY);
	expect(all).not.toContain(SECRET);
	expect(error.message).not.toMatch(TELLING_WORDS);
	expect(error.message).not.toMatch(/\p{C}/u);
}
