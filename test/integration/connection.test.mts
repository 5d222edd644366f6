import dns from 'node:dns';
import { createServer } from 'node:http';
import type { Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { Simulator } from '../../simulator/index.mts';
import {
	AUTHORITY,
	certificate,
	rawServer,
	saying,
	SELF_SIGNED,
	serving,
	tlsServer,
	trusting,
	withEnvironment,
} from './harness/connections.mts';
import { NodeHost, textOf } from './harness/nodeHost.mts';
import { TriggerHost } from './harness/triggerHost.mts';
import { useCheapDigests } from './harness/cheapDigest.mts';

useCheapDigests();

let trigger: TriggerHost;
beforeEach(async () => {
	const parameters = { events: ['session.completed'] };
	trigger = await new TriggerHost({ parameters, credential: {} }).start();
});
afterEach(async () => await trigger.stop());

/** What the user reads where a workflow is published: n8n shows the message and nothing else. */
async function publishing(baseUrl: string): Promise<string> {
	trigger.setup.credential = { apiKey: 'key_1', environment: 'custom', baseUrl };
	return (await textOf(trigger.publish())).replace(/ \| undefined$/, '');
}

/** What the user reads in an execution of an operation that is not tried again. */
async function starting(baseUrl: string): Promise<string> {
	const host = new NodeHost({ apiKey: 'key_1', baseUrl } as Simulator);
	return await textOf(host.run('session.create', { sessionType: 'dowsing', target: 'A well' }));
}

const at = (scheme: string, server: Server) =>
	serving(server, (port) => publishing(`${scheme}://127.0.0.1:${port}/v1`));

const UNTRUSTED = /an authority that n8n does not trust\. .*NODE_EXTRA_CA_CERTS/;
const NOT_HTTPS =
	/the server does not speak HTTPS\. .*begin the base URL .* with http:.*HTTPS_PROXY/;
const IF_HTTPS = /If the server expects HTTPS, begin the base URL with https:\/\/\.$/;

describe('a server whose certificate n8n does not accept:', () => {
	it.each([
		['of an unknown authority', { cert: certificate('valid') }, UNTRUSTED],
		['with its unknown authority', { cert: certificate('valid') + AUTHORITY }, UNTRUSTED],
		['signed by itself', SELF_SIGNED, /certificate is self-signed.*NODE_EXTRA_CA_CERTS/],
	])('%s', async (_, options, told) => {
		expect(await at('https', tlsServer(options))).toMatch(told);
	});

	it.each([
		['expired', /its certificate has expired\. .*renew the certificate/],
		['notYetValid', /its certificate is not valid yet\. Check the date and time/],
		['elsewhere', /its certificate is for another host name\. Check the host name/],
	] as const)('%s', async (name, told) => {
		const server = tlsServer({ cert: certificate(name) });
		expect(await trusting(async () => await at('https', server))).toMatch(told);
	});

	it('none of these', async () => {
		const server = tlsServer({ cert: certificate('valid') });
		const text = await trusting(async () => await at('https', server));
		expect(text).not.toMatch(/certificate|could not be reached/);
	});
});

describe('a server with which no encryption comes about:', () => {
	const cert = certificate('valid');
	const oldTls = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const;

	it.each([
		['of old', { ...oldTls, ciphers: 'DEFAULT@SECLEVEL=0' }, /no TLS version.*TLS 1\.2/],
		['of other ciphers', { maxVersion: 'TLSv1.2', ciphers: 'PSK' } as const, /not agree on an/],
		['that wants a certificate', { requestCert: true }, /asks for a client certificate/],
	])('%s', async (_, options, told) => {
		const server = tlsServer({ cert, ...options });
		expect(await trusting(async () => await at('https', server))).toMatch(told);
	});

	it.each([
		['of plain HTTP', () => createServer((_request, response) => void response.end('[]'))],
		['of SSH', () => rawServer((socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n'))],
	])('%s', async (_, server) => {
		expect(await at('https', server())).toMatch(NOT_HTTPS);
	});

	it('that does not know the name', async () => {
		const alert = Buffer.from([0x15, 3, 3, 0, 2, 2, 112]);
		expect(await at('https', saying(alert))).toMatch(/does not know this host name\. Check/);
	});

	it.each([
		['at once', () => rawServer((socket) => void socket.destroy())],
		['after the first words', () => saying('')],
	])('which cuts the connection %s', async (_, server) => {
		expect(await at('https', server())).toMatch(/cut before it was encrypted\. A firewall may/);
	});
});

describe('a base URL of http:// where HTTPS is spoken', () => {
	it('is said where the server cuts the connection', async () => {
		const text = await at('http', tlsServer({ cert: certificate('valid') }));
		expect(text).toMatch(/the connection was cut\. Try again/);
		expect(text).toMatch(IF_HTTPS);
	});

	it('is said where the server answers in TLS', async () => {
		const alert = Buffer.from([0x15, 3, 1, 0, 2, 2, 70]);
		const text = await at('http', saying(alert));
		expect(text).toMatch(
			/its response is not valid HTTP \(HPE_INVALID_CONSTANT\)\. Check the environment/,
		);
		expect(text).toMatch(IF_HTTPS);
	});

	it.each([
		'Client sent an HTTP request to an HTTPS server.\n',
		'<title>400 The plain HTTP request was sent to HTTPS port</title>',
	])('is said where the server says so: %s', async (body) => {
		const server = saying(`HTTP/1.0 400 Bad Request\r\n\r\n${body}`);
		expect(await at('http', server)).toMatch(
			/could not be reached at 127\.0\.0\.1:\d+: the server expects HTTPS, and .* http:\/\/ \(400, .* with https:\/\/ instead of http:/,
		);
	});
});

describe('a connection that is lost:', () => {
	const start = 'HTTP/1.1 200 OK\r\n';

	it.each([
		['after the request', '', /the connection was cut\. Try again/],
		['in the body', `${start}content-length: 9\r\n\r\n[`, /the connection was cut\. Try again/],
		['by what is no HTTP', 'ICY 200 OK\r\n\r\n', /its response is not valid HTTP/],
		['in a header', `${start}a b: 1\r\n\r\n[]`, /its response is not valid HTTP/],
		['in too large a header', `${start}a: ${'b'.repeat(20_000)}\r\n\r\n[]`, /headers .* too large/],
		['in a damaged body', `${start}content-encoding: gzip\r\n\r\nno gzip`, /not be decompressed/],
	])('%s', async (_, bytes, told) => {
		expect(await at('http', saying(bytes))).toMatch(told);
	});

	it('refused', async () => {
		const port = await serving(createServer(), async (free) => free);
		for (const host of ['127.0.0.1', 'localhost']) {
			expect(await publishing(`http://${host}:${port}/v1`)).toMatch(
				new RegExp(
					`could not be reached at ${host}:${port}: the connection was refused\\. Check that the server runs\\. If n8n runs in a container, ${host} is this container itself: use host\\.docker\\.internal`,
				),
			);
		}
	});
});

describe('a name that cannot be resolved', () => {
	const { lookup } = dns;
	afterEach(() => {
		dns.lookup = lookup;
	});

	it.each([
		['ENOTFOUND', /its name could not be resolved\. Check the environment.*DNS server/],
		['EAI_AGAIN', /because the DNS server gave no answer\. Check the DNS server/],
	])('is said so: %s', async (code, told) => {
		dns.lookup = ((name: string, _options: unknown, answer: (error: Error) => void) => {
			const error = new Error(`getaddrinfo ${code} ${name}`);
			answer(Object.assign(error, { code, syscall: 'getaddrinfo', hostname: name }));
		}) as unknown as typeof lookup;
		expect(await publishing('https://nowhere.example.com/v1')).toMatch(told);
	});
});

describe('the proxy of n8n', () => {
	const BASE_URL = 'https://api.example.com/v1';
	const LOG_IN =
		'HTTP/1.1 407 Proxy Authentication Required\r\nconnection: close\r\n\r\n<title>Access Denied</title>';
	const through = async (proxy: string, baseUrl = BASE_URL) =>
		await withEnvironment({ HTTP_PROXY: proxy, HTTPS_PROXY: proxy }, () => publishing(baseUrl));

	it.each([BASE_URL, 'http://api.example.com/v1'])('may ask for a login: %s', async (baseUrl) => {
		const text = await serving(saying(LOG_IN), (port) =>
			through(`http://127.0.0.1:${port}`, baseUrl),
		);
		expect(text).toMatch(
			/could not be reached at api\.example\.com: the proxy of this n8n asks for a login \(407, page "Access Denied"\)\. Add a user name/,
		);
	});

	it('may refuse', async () => {
		const answer = LOG_IN.replace('407 Proxy Authentication Required', '403 Forbidden');
		const text = await serving(saying(answer), (port) => through(`http://127.0.0.1:${port}`));
		expect(text).toMatch(
			/a firewall, a proxy or another web server did \(403, page "Access Denied"\)/,
		);
	});

	it('may be gone', async () => {
		const port = await serving(createServer(), async (free) => free);
		expect(await through(`http://127.0.0.1:${port}`)).toMatch(
			new RegExp(
				`at api\\.example\\.com through the proxy 127\\.0\\.0\\.1:${port}: the connection was refused\\. Check HTTP_PROXY`,
			),
		);
	});

	it('may close the connection', async () => {
		const text = await serving(saying(''), (port) => through(`http://127.0.0.1:${port}`));
		expect(text).toMatch(/the proxy of this n8n did not open a connection|the connection was cut/);
	});

	it.each(['https://127.0.0.1:', '127.0.0.1:'])(
		'may be asked over HTTPS by mistake: %s',
		async (proxy) => {
			const server = createServer((_request, response) => void response.end());
			expect(await serving(server, (port) => through(`${proxy}${port}`))).toMatch(NOT_HTTPS);
		},
	);

	it('may have an address that is none', async () => {
		expect(await through('http://a b:x')).toMatch(/address of the proxy of this n8n is not valid/);
	});
});

describe('an operation that is not repeated', () => {
	it('says why it failed where nothing was sent', async () => {
		const server = tlsServer({ cert: certificate('valid') });
		const text = await serving(server, (port) => starting(`https://127.0.0.1:${port}`));
		expect(text).toMatch(/does not trust\. \[item 0\] \| Save the CA certificate/);
	});

	it('says what to look for where the request was sent', async () => {
		const text = await serving(saying(''), (port) => starting(`http://127.0.0.1:${port}`));
		expect(text).toMatch(
			/the connection was cut\. \[item 0\] \| The session may have been started/,
		);
	});
});
