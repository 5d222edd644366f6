import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';

import {
	isSuccess,
	onResponseEnd,
} from '../../../nodes/MindPeekerTrigger/webhook/handleRequest.ts';

type Response = Parameters<typeof onResponseEnd>[0];

/** Sends a request to a server that ends its response this way. */
async function request(
	endResponse: (response: Response) => void,
	callback: (status: number) => void,
) {
	const server = createServer((_request, serverResponse) => {
		const response = serverResponse as unknown as Response;
		onResponseEnd(response, callback);
		endResponse(response);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	const response = await fetch(`http://127.0.0.1:${port}`);
	const text = await response.text();
	server.close();
	return { status: response.status, text };
}

describe('onResponseEnd', () => {
	it('calls back once with the status, even if the response is ended twice', async () => {
		const statuses: number[] = [];
		const response = await request(
			(response) => {
				response.statusCode = 401;
				response.end('no');
				response.end();
			},
			(status) => statuses.push(status),
		);
		expect(response).toEqual({ status: 401, text: 'no' });
		expect(statuses).toEqual([401]);
	});

	it('sends the response even if the callback throws', async () => {
		const response = await request(
			(response) => void response.end('OK'),
			() => {
				throw new Error('cannot write the log');
			},
		);
		expect(response).toEqual({ status: 200, text: 'OK' });
	});
});

describe('isSuccess', () => {
	it.each([
		[200, true],
		[204, true],
		[299, true],
		[300, false],
		[401, false],
		[500, false],
	])('of status %d is %s', (status, expected) => {
		expect(isSuccess(status)).toBe(expected);
	});
});
