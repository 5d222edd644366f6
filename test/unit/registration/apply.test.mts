import type { IHookFunctions } from 'n8n-workflow';
import { beforeEach, describe, expect, it } from '@jest/globals';

import type { ApiFailure } from '../../../nodes/shared/api/failure.ts';
import { MindPeekerApiError } from '../../../nodes/shared/api/error.ts';
import type { Webhook } from '../../../nodes/shared/api/webhooks.ts';
import { applyPlan, type WebhookClient } from '../../../nodes/shared/registration/apply.ts';
import type { Change } from '../../../nodes/shared/registration/plan.ts';

const URL = 'https://n8n.example.com/webhook/1/mindpeeker';
const DESIRED = { url: URL, events: ['session.completed'], secret: 'secret' };
const [NEW, UNKNOWN, KNOWN, TEST] = ['wh_new', 'wh_unknown', 'wh_known', 'wh_test'] as const;
const REPLACE: Change[] = [
	{ action: 'create' },
	{ action: 'remove', id: UNKNOWN },
	{ action: 'remove', id: KNOWN },
];

const webhook = (id: string, fields: Partial<Webhook> = {}): Webhook => ({
	id,
	url: URL,
	events: DESIRED.events,
	active: true,
	...fields,
});
const createError = (failure: ApiFailure): MindPeekerApiError => {
	const context = { getNode: () => ({ name: 'Trigger' }) } as IHookFunctions;
	return new MindPeekerApiError(context, failure);
};
const rejection = (status: number, serviceText = '', param?: string) =>
	createError({ kind: 'http', status, serviceText, param });
const connectionLost = new Error('The connection was lost');

let requests: string[];
let warnings: string[];
/** What the API answers to each creation. The last answer repeats. */
let creations: Array<Webhook | Error>;
/** Webhooks whose removal fails. */
let irremovable: string[];
let listed: Webhook[];

beforeEach(() => {
	[requests, warnings, irremovable] = [[], [], []];
	creations = [webhook(NEW)];
	listed = [webhook(UNKNOWN), webhook(KNOWN)];
});

const api: WebhookClient = {
	list: async () => {
		requests.push('list');
		return await Promise.resolve(listed);
	},
	create: async () => {
		requests.push('create');
		const creation = creations.length > 1 ? creations.shift()! : creations[0]!;
		if (creation instanceof Error) throw creation;
		return await Promise.resolve(creation);
	},
	update: async (id, fields) => {
		requests.push(`update ${id} ${JSON.stringify(fields)}`);
		await Promise.resolve();
	},
	remove: async (id) => {
		requests.push(`remove ${id}`);
		if (irremovable.includes(id)) throw connectionLost;
		await Promise.resolve();
	},
	removeAll: async (ids) => {
		for (const id of ids) await api.remove(id);
	},
};

const apply = async (plan = REPLACE, testWebhookIds?: string[]) =>
	await applyPlan(plan, DESIRED, {
		api,
		listed: [webhook(UNKNOWN), webhook(KNOWN)],
		knownId: KNOWN,
		testWebhookIds,
		warn: (text) => warnings.push(text),
	});
const removed = () =>
	requests.flatMap((request) => (request.startsWith('remove ') ? [request.slice(7)] : []));

describe('a plan without a new webhook', () => {
	it('updates and removes webhooks', async () => {
		const update: Change = { action: 'update', id: KNOWN, fields: { active: true } };
		expect(await apply([update, { action: 'remove', id: UNKNOWN }])).toBeUndefined();
		expect(requests).toEqual([`update ${KNOWN} {"active":true}`, `remove ${UNKNOWN}`]);
	});
});

describe('a new webhook', () => {
	it('is created before the others are removed, the known one last', async () => {
		expect(await apply()).toEqual({ webhookId: NEW, secret: DESIRED.secret });
		expect(requests).toEqual(['create', `remove ${UNKNOWN}`, `remove ${KNOWN}`]);
	});

	it('is activated if MindPeeker creates it paused', async () => {
		creations = [webhook(NEW, { active: false })];
		await apply([{ action: 'create' }]);
		expect(requests).toEqual(['create', `update ${NEW} {"active":true}`]);
	});
});

describe('if MindPeeker rejects the new webhook because of others, they are removed first:', () => {
	it('one group after the other, as long as it rejects', async () => {
		creations = [rejection(409), rejection(409), webhook(NEW)];
		await apply(REPLACE, [TEST]);
		const attempts = ['create', `remove ${UNKNOWN}`, 'create', `remove ${TEST}`, 'create'];
		expect(requests).toEqual([...attempts, `remove ${KNOWN}`]);
	});

	it('all of them, but none twice', async () => {
		creations = [rejection(409), rejection(409), rejection(409), webhook(NEW)];
		await apply(REPLACE, [TEST]);
		expect(removed()).toEqual([UNKNOWN, TEST, KNOWN]);
	});

	it('also if it returns an existing one instead of an error', async () => {
		creations = [webhook(UNKNOWN), webhook(NEW)];
		expect(await apply()).toMatchObject({ webhookId: NEW });
		expect(requests).toEqual(['create', `remove ${UNKNOWN}`, 'create', `remove ${KNOWN}`]);
	});

	it.each<[string, Error, string[]]>([
		['a conflict', rejection(409), [UNKNOWN, KNOWN]],
		['a conflict of the URL', rejection(409, '', 'url'), [UNKNOWN, KNOWN]],
		['a limit, named by its field', rejection(409, '', 'max_active'), [UNKNOWN, KNOWN]],
		['a limit, named in the text', rejection(400, 'Limit reached'), [UNKNOWN, KNOWN]],
		['a limit with status 403', rejection(403, 'Too many webhooks'), [UNKNOWN, KNOWN]],
		['a limit with status 422', rejection(422, 'Quota exceeded'), [UNKNOWN, KNOWN]],
		['status 402 without a text', rejection(402), [UNKNOWN]],
		['status 422 without a text', rejection(422), [UNKNOWN]],
		['status 400 without a text', rejection(400), []],
		['a conflict of the events', rejection(409, '', 'events[0]'), []],
		['another status', rejection(401, 'Limit reached'), []],
		['a lost connection', connectionLost, []],
	])('%s', async (_, error, expected) => {
		creations = [error];
		await expect(apply()).rejects.toThrow(error);
		expect(removed()).toEqual(expected);
	});

	it('but not the known one after an unclear error', async () => {
		creations = [rejection(422)];
		const plan: Change[] = [{ action: 'create' }, { action: 'remove', id: KNOWN }];
		await expect(apply(plan)).rejects.toThrow();
		expect(requests).toEqual(['create']);
	});
});

describe('a response with the ID of another existing webhook', () => {
	it('is an error, and the webhook is kept', async () => {
		creations = [webhook(KNOWN)];
		await expect(apply([{ action: 'create' }])).rejects.toThrow('ID of an existing webhook');
		expect(removed()).toEqual([]);
	});
});

describe('a new webhook is removed again', () => {
	it('if the others cannot be removed', async () => {
		irremovable = [UNKNOWN];
		await expect(apply()).rejects.toThrow(connectionLost);
		expect(removed()).toEqual([UNKNOWN, NEW]);
		expect(warnings).toEqual([]);
	});

	it('or a warning names its URL', async () => {
		irremovable = [UNKNOWN, NEW];
		await expect(apply()).rejects.toThrow(connectionLost);
		expect(warnings).toEqual([
			`a webhook for ${URL} may be left in MindPeeker: ${connectionLost.message}`,
		]);
	});

	it.each([
		['the connection was lost', connectionLost],
		['MindPeeker responded with 502', rejection(502)],
	])('if %s, by its URL', async (_, error) => {
		creations = [error];
		listed.push(webhook(NEW), webhook('wh_other', { url: 'https://other.example.com' }));
		await expect(apply()).rejects.toThrow(error);
		expect(removed()).toEqual([NEW]);
		expect(warnings).toEqual([]);
	});

	it('unless MindPeeker rejected it', async () => {
		creations = [rejection(401)];
		await expect(apply()).rejects.toThrow();
		expect(requests).toEqual(['create']);
	});

	it.each([
		['without an ID', createError({ kind: 'invalid-response', problem: 'no ID' }), 1],
		['that was lost', connectionLost, 0],
		['with status 502', rejection(502), 0],
	])('after a response %s, with a warning only if it may exist unseen', async (_, error, count) => {
		creations = [error];
		await expect(apply()).rejects.toThrow(error);
		expect(warnings).toEqual(Array(count).fill(expect.stringContaining('no ID to remove it by')));
	});

	it('after a response without an ID, if it is found by its URL', async () => {
		creations = [createError({ kind: 'invalid-response', problem: 'no ID' })];
		listed.push(webhook(NEW));
		await expect(apply()).rejects.toThrow();
		expect(removed()).toEqual([NEW]);
		expect(warnings).toEqual([]);
	});
});
