import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { sign } from '../../../nodes/shared/signature.ts';
import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { NodeHost, getErrorText } from '../harness/nodeHost.mts';

const SECRET = 'zq-secret';
// Parsing and serializing would change the spaces, the escape and the multi-byte character.
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
const returnResult = { options: { outputVerdict: true } };

describe('a genuine event', () => {
	it('is returned unchanged', async () => {
		expect(await verify()).toEqual([EVENT]);
	});

	it('is verified with the bytes of a file', async () => {
		const data = Buffer.from(BODY).toString('base64');
		const item = { json: {}, binary: { raw: { data, mimeType: 'application/json' } } };
		const parameters = { bodySource: 'binary', binaryPropertyName: 'raw', body: undefined };
		expect(await verify(parameters, [item])).toEqual([EVENT]);
	});

	it.each(['null', '""'])(
		'is read from a file if the expression for Raw Body returns %s',
		async (value) => {
			const data = Buffer.from(BODY).toString('base64');
			const item = { json: {}, binary: { data: { data, mimeType: 'application/json' } } };
			const bodySource = `={{ ${value} }}`;
			const parameters = { bodySource, binaryPropertyName: 'data', body: undefined };
			expect(await verify(parameters, [item])).toEqual([EVENT]);
		},
	);

	it('is verified with the previous secret of the credential, or an entered one', async () => {
		host.credential = { signingSecret: 'new', previousSigningSecret: SECRET };
		expect(await verify()).toEqual([EVENT]);
		host.credential = {};
		expect(await verify({ secretSource: 'entered', secret: SECRET })).toEqual([EVENT]);
	});

	it('is returned with the verification result if the option is set', async () => {
		expect(await verify(returnResult)).toEqual([{ verified: true, event: EVENT }]);
	});

	it('is verified without a request', async () => {
		host.credential = { signingSecret: SECRET, baseUrl: '' };
		await verify();
		expect(simulator.requests()).toEqual([]);
	});
});

describe('an event that is not genuine is rejected:', () => {
	const cases: Array<[string, IDataObject, RegExp]> = [
		[
			'another body',
			{ body: BODY.replace('evt_1', 'evt_2') },
			/does not match the body and the secret/,
		],
		['another secret', { secretSource: 'entered', secret: 'x' }, /does not match the body and/],
		['no signature', { signature: '' }, /the signature is empty/],
		['another signature format', { signature: 'sha1=00' }, /is not "sha256=" and 64/],
		['two signatures', { signature: ['a', 'b'] }, /is not "sha256=" and 64/],
	];

	it.each(cases)('%s', async (_, parameters, reason) => {
		const text = await getErrorText(verify(parameters));
		expect(text).toMatch(/^The event is not genuine: .* \[item 0\] \| Check that the body/);
		expect(text).toMatch(reason);
		expect(text).not.toContain(SECRET);
	});

	it.each(cases)('%s, with Return Verification Result', async (_, parameters, reason) => {
		expect(await verify({ ...parameters, ...returnResult })).toEqual([
			{ verified: false, reason: expect.stringMatching(reason) },
		]);
	});

	it('no body', async () => {
		expect(await getErrorText(verify({ body: '' }))).toMatch(/not genuine: the body is empty/);
	});
});

describe('a signed body that is not an event', () => {
	const parameters = { body: '[]', signature: sign(Buffer.from('[]'), SECRET) };
	const reason = 'the signature matches, but the body is not an event: not an object';

	it('is rejected as not valid', async () => {
		expect(await getErrorText(verify(parameters))).toMatch(
			`The event is not valid: ${reason} [item 0] | Check that the node receives the body`,
		);
	});

	it('is rejected with Return Verification Result', async () => {
		expect(await verify({ ...parameters, ...returnResult })).toEqual([{ verified: false, reason }]);
	});
});

describe('what cannot be verified is rejected:', () => {
	it('a parsed body', async () => {
		expect(await getErrorText(verify({ body: EVENT }))).toMatch(
			/^The body is not a text, because it was parsed \[item 0\] \| Pass the body unchanged/,
		);
	});

	it('a missing file', async () => {
		const parameters = { bodySource: 'binary', binaryPropertyName: 'raw' };
		expect(await getErrorText(verify(parameters))).toMatch(
			/^There is no file "raw" in the item \[item 0\] \| Enter the name/,
		);
	});

	it.each([{}, returnResult])('any event without a secret, with %j', async (options) => {
		host.credential = {};
		expect(await getErrorText(verify(options))).toMatch(
			/^The MindPeeker credential has no Signing Secret \[item 0\] \| Enter one there/,
		);
	});
});
