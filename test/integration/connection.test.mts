import dns from 'node:dns';
import { createServer } from 'node:http';
import type { Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { Simulator } from '../../simulator/index.mts';
import {
	AUTHORITY_CERTIFICATE,
	readCertificate,
	createTcpServer,
	createRawResponder,
	SELF_SIGNED,
	withServer,
	createTlsServer,
	withTrustedAuthority,
	withEnvironment,
} from './harness/servers.mts';
import { NodeHost, getErrorText } from './harness/nodeHost.mts';
import { TriggerHost } from './harness/triggerHost.mts';
import { useFastScrypt } from './harness/fastScrypt.mts';

useFastScrypt();

let trigger: TriggerHost;
beforeEach(async () => {
	const parameters = { events: ['session.completed'] };
	trigger = await new TriggerHost({ parameters, credential: {} }).start();
});
afterEach(async () => await trigger.stop());

/** Returns the error of a failed publication. n8n shows only its message. */
async function getPublishError(baseUrl: string): Promise<string> {
	trigger.setup.credential = { apiKey: 'key_1', environment: 'custom', baseUrl };
	return (await getErrorText(trigger.publish())).replace(/ \| undefined$/, '');
}

/** Returns the error of a failed operation that is not retried. */
async function getCreateError(baseUrl: string): Promise<string> {
	const host = new NodeHost({ apiKey: 'key_1', baseUrl } as Simulator);
	return await getErrorText(
		host.run('session.create', { sessionType: 'dowsing', target: 'A well' }),
	);
}

const getErrorFrom = (scheme: string, server: Server) =>
	withServer(server, (port) => getPublishError(`${scheme}://127.0.0.1:${port}/v1`));

const UNTRUSTED = /an authority that n8n does not trust\. .*NODE_EXTRA_CA_CERTS/;
const NOT_HTTPS = /the server does not use HTTPS\. .*start the base URL .* with http:.*HTTPS_PROXY/;
const IF_HTTPS =
	/If the server expects HTTPS, start the base URL with https:\/\/ instead of http:\/\/\.$/;

describe('a server certificate that n8n rejects:', () => {
	it.each([
		['unknown authority', { cert: readCertificate('valid') }, UNTRUSTED],
		[
			'unknown authority in the chain',
			{ cert: readCertificate('valid') + AUTHORITY_CERTIFICATE },
			UNTRUSTED,
		],
		['self-signed', SELF_SIGNED, /certificate is self-signed.*NODE_EXTRA_CA_CERTS/],
	])('%s', async (_, options, expected) => {
		expect(await getErrorFrom('https', createTlsServer(options))).toMatch(expected);
	});

	it.each([
		['expired', /its certificate has expired\. .*renew the certificate/],
		['notYetValid', /its certificate is not valid yet\. Check the date and time/],
		['elsewhere', /its certificate is for another host name\. Check the host name/],
	] as const)('%s', async (name, expected) => {
		const server = createTlsServer({ cert: readCertificate(name) });
		expect(await withTrustedAuthority(async () => await getErrorFrom('https', server))).toMatch(
			expected,
		);
	});

	it('accepts a valid certificate', async () => {
		const server = createTlsServer({ cert: readCertificate('valid') });
		const text = await withTrustedAuthority(async () => await getErrorFrom('https', server));
		expect(text).not.toMatch(/certificate|could not be reached/);
	});
});

describe('a failed TLS handshake:', () => {
	const cert = readCertificate('valid');
	const oldTls = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const;

	it.each([
		[
			'outdated TLS versions',
			{ ...oldTls, ciphers: 'DEFAULT@SECLEVEL=0' },
			/no TLS version.*TLS 1\.2/,
		],
		[
			'no common cipher',
			{ maxVersion: 'TLSv1.2', ciphers: 'PSK' } as const,
			/no encryption method in common/,
		],
		['client certificate required', { requestCert: true }, /requires a client certificate/],
	])('%s', async (_, options, expected) => {
		const server = createTlsServer({ cert, ...options });
		expect(await withTrustedAuthority(async () => await getErrorFrom('https', server))).toMatch(
			expected,
		);
	});

	it.each([
		[
			'server without TLS: HTTP',
			() => createServer((_request, response) => void response.end('[]')),
		],
		[
			'server without TLS: SSH',
			() => createTcpServer((socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n')),
		],
	])('%s', async (_, server) => {
		expect(await getErrorFrom('https', server())).toMatch(NOT_HTTPS);
	});

	it('unknown host name', async () => {
		const alert = Buffer.from([0x15, 3, 3, 0, 2, 2, 112]);
		expect(await getErrorFrom('https', createRawResponder(alert))).toMatch(
			/does not know this host name\. Check/,
		);
	});

	it.each([
		['immediately', () => createTcpServer((socket) => void socket.destroy())],
		['after the first bytes', () => createRawResponder('')],
	])('connection closed %s', async (_, server) => {
		expect(await getErrorFrom('https', server())).toMatch(
			/closed before it was encrypted\. A firewall may/,
		);
	});
});

describe('a base URL with http:// for an HTTPS server', () => {
	it('is reported if the server closes the connection', async () => {
		const text = await getErrorFrom('http', createTlsServer({ cert: readCertificate('valid') }));
		expect(text).toMatch(/the connection was closed\. Try again/);
		expect(text).toMatch(IF_HTTPS);
	});

	it('is reported if the server responds with TLS', async () => {
		const alert = Buffer.from([0x15, 3, 1, 0, 2, 2, 70]);
		const text = await getErrorFrom('http', createRawResponder(alert));
		expect(text).toMatch(
			/its response is not valid HTTP \(HPE_INVALID_CONSTANT\)\. Check the environment/,
		);
		expect(text).toMatch(IF_HTTPS);
	});

	it.each([
		'Client sent an HTTP request to an HTTPS server.\n',
		'<title>400 The plain HTTP request was sent to HTTPS port</title>',
	])('is reported if the response says so: %s', async (body) => {
		const server = createRawResponder(`HTTP/1.0 400 Bad Request\r\n\r\n${body}`);
		expect(await getErrorFrom('http', server)).toMatch(
			/could not be reached at 127\.0\.0\.1:\d+: the server expects HTTPS, but .* http:\/\/ \(400, .* with https:\/\/ instead of http:/,
		);
	});
});

describe('a lost connection:', () => {
	const start = 'HTTP/1.1 200 OK\r\n';

	it.each([
		['after the request', '', /the connection was closed\. Try again/],
		['in the body', `${start}content-length: 9\r\n\r\n[`, /the connection was closed\. Try again/],
		['with an invalid response', 'ICY 200 OK\r\n\r\n', /its response is not valid HTTP/],
		['in a header', `${start}a b: 1\r\n\r\n[]`, /its response is not valid HTTP/],
		[
			'in a header that is too large',
			`${start}a: ${'b'.repeat(20_000)}\r\n\r\n[]`,
			/headers .* too large/,
		],
		['in a damaged body', `${start}content-encoding: gzip\r\n\r\nno gzip`, /not be decompressed/],
	])('%s', async (_, bytes, expected) => {
		expect(await getErrorFrom('http', createRawResponder(bytes))).toMatch(expected);
	});

	it('refused', async () => {
		const port = await withServer(createServer(), async (free) => free);
		for (const host of ['127.0.0.1', 'localhost']) {
			expect(await getPublishError(`http://${host}:${port}/v1`)).toMatch(
				new RegExp(
					`could not be reached at ${host}:${port}: the connection was refused\\. Check that the server is running\\. If n8n runs in a container, ${host} is the container itself: use host\\.docker\\.internal`,
				),
			);
		}
	});
});

describe('a host name that cannot be resolved', () => {
	const { lookup } = dns;
	afterEach(() => {
		dns.lookup = lookup;
	});

	it.each([
		['ENOTFOUND', /its name could not be resolved\. Check the environment.*DNS server/],
		['EAI_AGAIN', /because the DNS server did not respond\. Check the DNS server/],
	])('is reported for %s', async (code, expected) => {
		dns.lookup = ((name: string, _options: unknown, callback: (error: Error) => void) => {
			const error = new Error(`getaddrinfo ${code} ${name}`);
			callback(Object.assign(error, { code, syscall: 'getaddrinfo', hostname: name }));
		}) as unknown as typeof lookup;
		expect(await getPublishError('https://nowhere.example.com/v1')).toMatch(expected);
	});
});

describe('the proxy of n8n', () => {
	const BASE_URL = 'https://api.example.com/v1';
	const LOGIN_REQUIRED =
		'HTTP/1.1 407 Proxy Authentication Required\r\nconnection: close\r\n\r\n<title>Access Denied</title>';
	const getErrorThrough = async (proxy: string, baseUrl = BASE_URL) =>
		await withEnvironment({ HTTP_PROXY: proxy, HTTPS_PROXY: proxy }, () =>
			getPublishError(baseUrl),
		);

	it.each([BASE_URL, 'http://api.example.com/v1'])('may require a login: %s', async (baseUrl) => {
		const text = await withServer(createRawResponder(LOGIN_REQUIRED), (port) =>
			getErrorThrough(`http://127.0.0.1:${port}`, baseUrl),
		);
		expect(text).toMatch(
			/could not be reached at api\.example\.com: the proxy of this n8n instance requires a login \(407, page "Access Denied"\)\. Add a user name/,
		);
	});

	it('may reject the request', async () => {
		const response = LOGIN_REQUIRED.replace('407 Proxy Authentication Required', '403 Forbidden');
		const text = await withServer(createRawResponder(response), (port) =>
			getErrorThrough(`http://127.0.0.1:${port}`),
		);
		expect(text).toMatch(
			/a firewall, a proxy or another web server responded instead \(403, page "Access Denied"\)/,
		);
	});

	it('may not be running', async () => {
		const port = await withServer(createServer(), async (free) => free);
		expect(await getErrorThrough(`http://127.0.0.1:${port}`)).toMatch(
			new RegExp(
				`at api\\.example\\.com through the proxy 127\\.0\\.0\\.1:${port}: the connection was refused\\. Check HTTP_PROXY`,
			),
		);
	});

	it('may close the connection', async () => {
		const text = await withServer(createRawResponder(''), (port) =>
			getErrorThrough(`http://127.0.0.1:${port}`),
		);
		expect(text).toMatch(
			/the proxy of this n8n instance did not open a connection|the connection was closed/,
		);
	});

	it.each(['https://127.0.0.1:', '127.0.0.1:'])(
		'may be configured with HTTPS by mistake: %s',
		async (proxy) => {
			const server = createServer((_request, response) => void response.end());
			expect(await withServer(server, (port) => getErrorThrough(`${proxy}${port}`))).toMatch(
				NOT_HTTPS,
			);
		},
	);

	it('may have an invalid address', async () => {
		expect(await getErrorThrough('http://a b:x')).toMatch(
			/proxy address of this n8n instance is not valid/,
		);
	});
});

describe('an operation that is not retried', () => {
	it('reports the reason if nothing was sent', async () => {
		const server = createTlsServer({ cert: readCertificate('valid') });
		const text = await withServer(server, (port) => getCreateError(`https://127.0.0.1:${port}`));
		expect(text).toMatch(/does not trust\. \[item 0\] \| Save the CA certificate/);
	});

	it('says what to check if the request was sent', async () => {
		const text = await withServer(createRawResponder(''), (port) =>
			getCreateError(`http://127.0.0.1:${port}`),
		);
		expect(text).toMatch(
			/the connection was closed\. \[item 0\] \| The session may have been created/,
		);
	});
});
