import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { expect } from '@jest/globals';

import { findSignatureProblem, sign } from '../../nodes/shared/signature.ts';
import { mutate } from './harness/mutate.mts';
import { fuzz } from './harness/fuzz.mts';

const secret = fc.oneof(fc.string(), fc.constantFrom('', ' ', 'whsec_1', 'é', '\u{1f52e}'));
const body = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const delivery = fc
	.record({ body, secrets: fc.array(secret, { maxLength: 3 }), key: secret })
	.chain(({ body, secrets, key }) => {
		const header = sign(body, key);
		return fc.record({
			body: fc.oneof(fc.constant(body), mutate(fc.constant(body))),
			header: fc.oneof(
				fc.constant(header),
				mutate(fc.constant(header)).map((bytes) => bytes.toString('latin1')),
				fc.constantFrom(`${header}, ${header}`, header.toUpperCase(), ` ${header}`),
			),
			secrets: fc.constantFrom(secrets, [...secrets, key]),
		});
	});

fuzz(
	'a delivery is genuine if and only if its header is the HMAC of its body with one of the secrets',
	delivery,
	({ body, header, secrets }) => {
		const isGenuine = secrets.some((secret) => {
			const digest = createHmac('sha256', secret).update(body).digest('hex');
			return secret.trim() !== '' && header.toLowerCase() === `sha256=${digest}`;
		});
		expect(findSignatureProblem(body, header, secrets) === undefined).toBe(isGenuine);
	},
);
