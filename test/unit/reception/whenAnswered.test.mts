import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';

import { whenAnswered } from '../../../nodes/MindPeekerTrigger/reception/whenAnswered.ts';

/** What comes of a response that a server ends in some way: what was told, and what the client got. */
async function answered(
	end: (response: Parameters<typeof whenAnswered>[0]) => void,
	told: (status: number) => void,
) {
	const server = createServer((_request, response) => {
		const own = response as unknown as Parameters<typeof whenAnswered>[0];
		whenAnswered(own, told);
		end(own);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	const answer = await fetch(`http://127.0.0.1:${port}`);
	const text = await answer.text();
	server.close();
	return { status: answer.status, text };
}

it('tells of the status once, however often the response is ended', async () => {
	const told: number[] = [];
	const answer = await answered(
		(response) => {
			response.statusCode = 401;
			response.end('no');
			response.end();
		},
		(status) => told.push(status),
	);
	expect(answer).toEqual({ status: 401, text: 'no' });
	expect(told).toEqual([401]);
});

it('lets the answer go out where what it tells cannot be heard', async () => {
	const answer = await answered(
		(response) => void response.end('OK'),
		() => {
			throw new Error('the books are closed');
		},
	);
	expect(answer).toEqual({ status: 200, text: 'OK' });
});
