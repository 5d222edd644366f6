import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { sign } from '../../../nodes/shared/signature.ts';
import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { NodeHost, textOf } from '../harness/nodeHost.mts';

const SECRET = 'zq-secret';
// Two spaces, an escape and a character of three bytes: what parsing and writing again would change.
const BODY = '{"id":  "evt_1","type":"session.completed","data":{"target":"\\u03a9 目"}}';
const EVENT = { id: 'evt_1', type: 'session.completed', data: { target: 'Ω 目' } };
let simulator: Simulator;
let host: NodeHost;

beforeAll(async () => {
	simulator = await startSimulator();
});
afterAll(async () => await simulator.close());
beforeEach(() => {
	host = new NodeHost(simulator);
	host.credential = { signingSecret: SECRET };
});

const verify = async (parameters: IDataObject = {}, items?: INodeExecutionData[]) =>
	await host.json(
		'event.verify',
		{
			bodySource: 'text',
			body: BODY,
			signature: sign(Buffer.from(BODY), SECRET),
			secretSource: 'credential',
			...parameters,
		},
		items,
	);
const verdict = { options: { outputVerdict: true } };

describe('a genuine event', () => {
	it('is given as it was sent', async () => {
		expect(await verify()).toEqual([EVENT]);
	});

	it('is verified over the bytes of a file, whatever they are', async () => {
		const data = Buffer.from(BODY).toString('base64');
		const item = { json: {}, binary: { raw: { data, mimeType: 'application/json' } } };
		const parameters = { bodySource: 'binary', binaryPropertyName: 'raw', body: undefined };
		expect(await verify(parameters, [item])).toEqual([EVENT]);
	});

	it.each(['null', '""'])(
		'is in a file if an expression returns %s for its place',
		async (value) => {
			const data = Buffer.from(BODY).toString('base64');
			const item = { json: {}, binary: { data: { data, mimeType: 'application/json' } } };
			const bodySource = `={{ ${value} }}`;
			const parameters = { bodySource, binaryPropertyName: 'data', body: undefined };
			expect(await verify(parameters, [item])).toEqual([EVENT]);
		},
	);

	it('is good under the previous secret of the credential, or an entered one', async () => {
		host.credential = { signingSecret: 'new', previousSigningSecret: SECRET };
		expect(await verify()).toEqual([EVENT]);
		host.credential = {};
		expect(await verify({ secretSource: 'entered', secret: SECRET })).toEqual([EVENT]);
	});

	it('is data with its verdict where that is asked for', async () => {
		expect(await verify(verdict)).toEqual([{ verified: true, event: EVENT }]);
	});

	it('is verified without a call', async () => {
		host.credential = { signingSecret: SECRET, baseUrl: '' };
		await verify();
		expect(simulator.requests()).toEqual([]);
	});
});

describe('what is not genuine is refused with the reason:', () => {
	const cases: Array<[string, IDataObject, RegExp]> = [
		[
			'another body',
			{ body: BODY.replace('evt_1', 'evt_2') },
			/not the one of this body and secret/,
		],
		['another secret', { secretSource: 'entered', secret: 'x' }, /not the one of this body and/],
		['no signature', { signature: '' }, /there is no signature/],
		['another form of signature', { signature: 'sha1=00' }, /is not "sha256=" and 64/],
		['two signatures', { signature: ['a', 'b'] }, /is not "sha256=" and 64/],
		[
			'no event',
			{ body: '[]', signature: sign(Buffer.from('[]'), SECRET) },
			/no event: not an object/,
		],
	];

	it.each(cases)('%s', async (_, parameters, reason) => {
		const text = await textOf(verify(parameters));
		expect(text).toMatch(/^The event is not genuine: .* \[item 0\] \| Check that the body/);
		expect(text).toMatch(reason);
		expect(text).not.toContain(SECRET);
	});

	it.each(cases)('%s, as data where that is asked for', async (_, parameters, reason) => {
		expect(await verify({ ...parameters, ...verdict })).toEqual([
			{ verified: false, reason: expect.stringMatching(reason) },
		]);
	});

	it('no body', async () => {
		expect(await textOf(verify({ body: '' }))).toMatch(/not genuine: there is no body/);
	});
});

describe('what cannot be checked is refused:', () => {
	it('a body that has been parsed', async () => {
		expect(await textOf(verify({ body: EVENT }))).toMatch(
			/^The body is not a text: it has been parsed \[item 0\] \| Hand on the body as it arrived/,
		);
	});

	it('a file that is not there', async () => {
		const parameters = { bodySource: 'binary', binaryPropertyName: 'raw' };
		expect(await textOf(verify(parameters))).toMatch(
			/^There is no file "raw" in the item \[item 0\] \| Enter the name/,
		);
	});

	it.each([{}, verdict])('any event where no secret is known, with %j', async (options) => {
		host.credential = {};
		expect(await textOf(verify(options))).toMatch(
			/^The MindPeeker credential has no Signing Secret \[item 0\] \| Enter one there/,
		);
	});
});
