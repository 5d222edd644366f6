import { get, type OutgoingHttpHeaders } from 'node:http';
import { describe, expect, it } from '@jest/globals';

import { send } from '../support/api.mts';
import { startTestSimulator } from './harness/setup.mts';

/** Sends a request as a browser does, and returns the status. */
async function getStatus(url: string, headers: OutgoingHttpHeaders): Promise<number | undefined> {
	return await new Promise((resolve, reject) => {
		get(url, { headers }, (response) => resolve(response.resume().statusCode)).on('error', reject);
	});
}

describe('a website that the user visits', () => {
	it.each([
		'evil.example',
		'evil.example:4010',
		'127.0.0.1.evil.example',
		'localhost.evil.example',
	])('cannot read the secrets of webhooks with its own name for this machine, %s', async (host) => {
		const { origin, baseUrl } = await startTestSimulator();
		for (const url of [`${origin}/simulator/webhooks`, `${origin}/simulator/stream`, baseUrl]) {
			expect(await getStatus(url, { host })).toBe(403);
		}
	});

	it.each(['https://evil.example', 'http://localhost:3000', 'null'])(
		'cannot send an event from %s',
		async (site) => {
			const simulator = await startTestSimulator();
			const event = { type: 'session.completed' };
			const { status } = await send('POST', `${simulator.origin}/simulator/events`, event, {
				Origin: site,
			});
			expect(status).toBe(403);
		},
	);
});

describe('the simulator responds', () => {
	it.each([
		'localhost:4010',
		'192.168.0.7',
		'[::1]:4010',
		'host.docker.internal:4010',
		'simulator',
	])('at %s', async (host) => {
		const { origin } = await startTestSimulator();
		expect(await getStatus(`${origin}/simulator/webhooks`, { host })).toBe(200);
	});

	it('to its own page', async () => {
		const { origin } = await startTestSimulator();
		const event = { type: 'session.completed' };
		const { status } = await send('POST', `${origin}/simulator/events`, event, { Origin: origin });
		expect(status).toBe(201);
	});
});
