import { describe, expect, it } from '@jest/globals';

import { describeFault, type ApiFault } from '../../nodes/shared/apiFault.ts';

const ORIGIN = 'https://api.mindpeeker.com';
const HTTP_ORIGIN = 'http://api.example.com';
const unreachable = (cause: string, adviceIfDone?: string): ApiFault => ({
	kind: 'unreachable',
	cause,
	adviceIfDone,
});
const textOf = (cause: string, origin = ORIGIN) => {
	const { message, advice } = describeFault(unreachable(cause), origin);
	return `${message} ${advice}`;
};
/** As OpenSSL says it to Node.js 20 and, with other functions, to 24. */
const openSsl = (reason: string) =>
	`EPROTO write EPROTO 807C6CFE437F0000:error:0A00010B:SSL routines:ssl3_get_record:${reason}:../deps/openssl/openssl/ssl/record/ssl3_record.c:350:`;

const TRUSTED_AUTHORITY = /an authority that n8n does not trust.*NODE_EXTRA_CA_CERTS/;
const NOT_HTTPS = /the server does not speak HTTPS\. .*http:\/\/.*HTTPS_PROXY/;
const NO_NAME = /its name could not be resolved\. Check the environment and the base URL.*DNS/;
const NO_DNS = /the DNS server gave no answer\. Check the DNS server/;

/** Whether the request was sent before is certain for none of the last. */
const UNSENT: Array<[string, RegExp]> = [
	[
		'The request was blocked because it resolves to a restricted IP address',
		/SSRF protection blocks this address.*N8N_SSRF_ALLOWED_IP_RANGES.*N8N_SSRF_ALLOWED_HOSTNAMES/,
	],
	['The request was blocked for another reason', /SSRF protection blocks this address/],
	[
		'The request was blocked because the destination hostname is restricted',
		/SSRF protection blocks this host name.*N8N_SSRF_BLOCKED_HOSTNAMES.*N8N_SSRF_ALLOWED_HOSTNAMES/,
	],
	[
		'Domain not allowed: This credential is restricted from accessing 127.0.0.1',
		/credential does not allow requests to this host.*Allowed Domains/,
	],
	[
		'ERR_INVALID_CHAR Invalid character in header content ["Authorization"]',
		/the API key contains a character that cannot be sent.*Enter the API key again/,
	],
	['ERR_INVALID_URL Invalid URL', /address of the proxy.*not valid.*HTTPS_PROXY/],
	['ERR_INVALID_PROTOCOL Protocol "socks5:" not supported.', /address of the proxy.*not valid/],
	[
		'Proxy connection ended before receiving CONNECT response',
		/the proxy of this n8n did not open a connection.*HTTPS_PROXY/,
	],
	['Invalid header from proxy CONNECT response: "x"', /the proxy of this n8n did not open/],
	['tunneling socket could not be established, statusCode=407', /the proxy of this n8n did not/],
	['CERT_HAS_EXPIRED certificate has expired', /certificate has expired.*renew.*date and time/],
	['CERT_NOT_YET_VALID certificate is not yet valid', /is not valid yet.*date and time of the/],
	['CERT_REVOKED certificate revoked', /was revoked.*replace the certificate/],
	['DEPTH_ZERO_SELF_SIGNED_CERT self-signed certificate', /is self-signed.*NODE_EXTRA_CA_CERTS/],
	['SELF_SIGNED_CERT_IN_CHAIN', TRUSTED_AUTHORITY],
	['UNABLE_TO_GET_ISSUER_CERT', TRUSTED_AUTHORITY],
	['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', TRUSTED_AUTHORITY],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', TRUSTED_AUTHORITY],
	['CERT_UNTRUSTED', TRUSTED_AUTHORITY],
	['INVALID_CA', TRUSTED_AUTHORITY],
	['ERR_TLS_CERT_ALTNAME_INVALID', /for another host name.*Check the host name/],
	['ERR_TLS_CERT_ALTNAME_FORMAT', /for another host name/],
	['HOSTNAME_MISMATCH', /for another host name/],
	['CRL_HAS_EXPIRED', /revocation list/],
	['UNABLE_TO_GET_CRL', /revocation list/],
	['ERROR_IN_CRL_NEXT_UPDATE_FIELD', /revocation list/],
	[
		'CERT_SIGNATURE_FAILURE',
		/certificate is not valid \(CERT_SIGNATURE_FAILURE\)\. Ask the administrator of the server/,
	],
	['CERT_CHAIN_TOO_LONG', /certificate is not valid \(/],
	['CERT_REJECTED', /certificate is not valid \(/],
	['ERROR_IN_CERT_NOT_AFTER_FIELD', /certificate is not valid \(/],
	['UNABLE_TO_DECRYPT_CERT_SIGNATURE', /certificate is not valid \(/],
	['UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', /certificate is not valid \(/],
	[
		'UNSPECIFIED EE certificate key too weak',
		/certificate is not valid \(UNSPECIFIED EE cert.* weak\)/,
	],
	['INVALID_PURPOSE', /certificate is not valid \(/],
	['PATH_LENGTH_EXCEEDED', /certificate is not valid \(/],
	[openSsl('wrong version number'), NOT_HTTPS],
	[openSsl('packet length too long'), NOT_HTTPS],
	[openSsl('data length too long'), NOT_HTTPS],
	[openSsl('unexpected message'), NOT_HTTPS],
	['ERR_SSL_WRONG_VERSION_NUMBER', NOT_HTTPS],
	[openSsl('tlsv1 alert protocol version'), /no TLS version that n8n accepts.*TLS 1\.2/],
	['ERR_SSL_UNSUPPORTED_PROTOCOL', /no TLS version that n8n accepts/],
	['ERR_SSL_NO_PROTOCOLS_AVAILABLE', /no TLS version that n8n accepts/],
	['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /client certificate.*Check the environment/],
	[openSsl('tlsv1 unrecognized name'), /does not know this host name.*base URL/],
	[
		openSsl('sslv3 alert handshake failure'),
		/did not agree on an encryption \(sslv3 alert handshake failure\)\. .*ciphers/,
	],
	[openSsl('ssl/tls alert handshake failure'), /did not agree on an encryption/],
	[openSsl('dh key too small'), /did not agree on an encryption \(dh key too small\)/],
	['ERR_SSL_NO_SHARED_CIPHER', /did not agree on an encryption/],
	[
		'ECONNRESET Client network socket disconnected before secure TLS connection was established',
		/the connection was cut before it was encrypted.*firewall.*HTTPS/,
	],
	['ENOTFOUND getaddrinfo ENOTFOUND api.mindpeeker.com', NO_NAME],
	['ENODATA', NO_NAME],
	['EAI_NODATA', NO_NAME],
	['EAI_NONAME', NO_NAME],
	['EAI_ADDRFAMILY', NO_NAME],
	['EAI_AGAIN getaddrinfo EAI_AGAIN api.mindpeeker.com', NO_DNS],
	['EAI_FAIL', NO_DNS],
	['ESERVFAIL', NO_DNS],
	['EREFUSED', NO_DNS],
	['ETIMEOUT', NO_DNS],
	['ECONNREFUSED', /the connection was refused\. Nothing listens there.*network of this n8n/],
	['EADDRNOTAVAIL', /no address or port left.*base URL.*too many open connections/],
	['EADDRINUSE', /no address or port left/],
	['EMFILE', /no resources left.*open files/],
	['ENOBUFS', /no resources left/],
	['EAFNOSUPPORT', /does not support this type of address.*other IP version/],
];

const UNSURE: Array<[string, RegExp]> = [
	['EHOSTUNREACH', /its host is unreachable\. Check the network, the routes/],
	['EHOSTDOWN', /its host is unreachable/],
	['ENETUNREACH', /its network is unreachable\. Check the network, the routes/],
	['ENETDOWN', /its network is unreachable/],
	['EACCES', /does not allow the connection\. Check the firewall/],
	['EPERM', /does not allow the connection/],
	['ETIMEDOUT', /no answer came in time\. Try again.*firewall/],
	['ECONNABORTED timeout of 10000ms exceeded', /no answer came in time/],
	['ESOCKETTIMEDOUT', /no answer came in time/],
	['UND_ERR_CONNECT_TIMEOUT', /no answer came in time/],
	['ECONNRESET read ECONNRESET', /the connection was cut\. Try again.*firewall or proxy/],
	['ECONNRESET aborted', /the connection was cut/],
	['ERR_BAD_RESPONSE stream has been aborted', /the connection was cut/],
	['EPIPE write EPIPE', /the connection was cut/],
	['socket hang up', /the connection was cut/],
	['ERR_STREAM_PREMATURE_CLOSE Premature close', /the connection was cut/],
	['UND_ERR_SOCKET other side closed', /the connection was cut/],
	['HPE_HEADER_OVERFLOW Parse Error: Header overflow', /headers of its response are too large/],
	[
		'HPE_INVALID_CONSTANT Parse Error: Expected HTTP/',
		/not valid HTTP \(HPE_INVALID_CONSTANT\)\. Check the environment/,
	],
	['HPE_INVALID_HEADER_TOKEN', /its response is not valid HTTP/],
	['Z_DATA_ERROR incorrect header check', /could not be decompressed\. Try again/],
	['Z_BUF_ERROR unexpected end of file', /could not be decompressed/],
	['ERR__ERROR_FORMAT_PADDING_1', /could not be decompressed/],
	['ERR_SSL_BAD_RECORD', /the encryption of the connection failed \(ERR_SSL_BAD_RECORD\)\. Try/],
	[openSsl('tlsv1 alert internal error'), /encryption of .* failed \(tlsv1 alert internal error\)/],
];

describe('why no response came is said, and what to do about that:', () => {
	it.each([...UNSENT, ...UNSURE])('%s', (cause, text) => {
		expect(textOf(cause)).toMatch(/^MindPeeker could not be reached at api\.mindpeeker\.com: /);
		expect(textOf(cause)).toMatch(text);
	});

	it.each([...UNSENT, ...UNSURE])('%s: without a word by which n8n acts', (cause) => {
		expect(textOf(cause)).not.toMatch(/authorization|getaddrinfo|ECONN|EPERM|EACCES/i);
	});
});

describe('a cause that is not known', () => {
	it.each([
		['EUNHEARDOF', 'the connection failed (EUNHEARDOF).'],
		['EUNHEARDOF what is this', 'the connection failed (EUNHEARDOF).'],
		['What.is.this...', 'the connection failed (What.is.this).'],
		['ERR_UNHEARD_OF2 something: else', 'the connection failed (ERR_UNHEARD_OF2).'],
		['EX1 Something Went wrong.', 'the connection failed (EX1 Something Went wrong).'],
		['a\nb \u202e c', 'the connection failed (a b c).'],
		['ECONNWHATEVER', 'the connection failed.'],
		['', 'the connection failed.'],
		['no Authorization here', 'the connection failed (no … here).'],
		['x'.repeat(500), `the connection failed (${'x'.repeat(99)}).`],
	])('is said as it is: %j', (cause, words) => {
		const { message, advice } = describeFault(unreachable(cause), ORIGIN);
		expect(message).toBe(`MindPeeker could not be reached at api.mindpeeker.com: ${words}`);
		expect(advice).toMatch(/^Check the environment and the base URL.*network of this n8n/);
	});
});

describe('what to do where the call may have had its effect', () => {
	const adviceOf = (cause: string) =>
		describeFault(unreachable(cause, 'Look first.'), ORIGIN).advice;

	it.each(UNSURE)('is said where the request may have been sent: %s', (cause) => {
		expect(adviceOf(cause)).toBe('Look first.');
	});

	it.each(UNSENT)('is not said where nothing was sent: %s', (cause) => {
		expect(adviceOf(cause)).not.toContain('Look first.');
	});

	it.each(['ETIMEDOUT', 'ECONNRESET', 'EHOSTUNREACH', 'EACCES', 'EUNHEARDOF'])(
		'is not said where there was no connection: %s',
		(code) =>
			expect(adviceOf(`${code} connect ${code} 192.0.2.1:443`)).not.toContain('Look first.'),
	);

	it('is said where nothing is known', () => expect(adviceOf('')).toBe('Look first.'));
});

describe('a base URL that begins with http://', () => {
	it.each(['ECONNRESET socket hang up', 'HPE_INVALID_CONSTANT Parse Error'])(
		'may have to begin with https://: %s',
		(cause) => {
			const hint = /If the server expects HTTPS, begin the base URL with https:\/\/\.$/;
			expect(textOf(cause, HTTP_ORIGIN)).toMatch(hint);
			expect(textOf(cause)).not.toMatch(hint);
			expect(textOf(cause, HTTP_ORIGIN)).toBe(
				`${textOf(cause).replace('api.mindpeeker.com', 'api.example.com')} If the server expects HTTPS, begin the base URL with https://.`,
			);
		},
	);
});

describe('in a container', () => {
	const HINT =
		/If n8n runs in a container, .* is this container itself: use host\.docker\.internal/;

	it.each([
		'http://127.0.0.1:9',
		'http://127.8.8.8:9',
		'https://127.0.0.1',
		'http://localhost:9',
		'http://mindpeeker.localhost:9',
		'http://localhost.:9',
		'http://[::1]:9',
		'http://[::ffff:127.0.0.1]:9',
		'http://0.0.0.0:9',
	])('%s is the container itself', (origin) => {
		expect(textOf('ECONNREFUSED', origin)).toMatch(HINT);
		expect(textOf('ETIMEDOUT', origin)).not.toMatch(HINT);
	});

	it.each([
		'http://128.0.0.1:9',
		'http://192.168.0.1:9',
		'http://[::2]:9',
		'http://notlocalhost:9',
		'http://localhost.example.com:9',
		ORIGIN,
		'api.mindpeeker.com',
	])('%s is another machine', (origin) => {
		expect(textOf('ECONNREFUSED', origin)).not.toMatch(HINT);
	});

	it('of Docker on Linux, the name of the machine has to be added', () => {
		const origin = 'http://host.docker.internal:4010';
		const hint = /--add-host=host\.docker\.internal:host-gateway/;
		expect(textOf('ENOTFOUND getaddrinfo ENOTFOUND host.docker.internal', origin)).toMatch(hint);
		expect(textOf('ENOTFOUND')).not.toMatch(hint);
		expect(textOf('ECONNREFUSED', origin)).not.toMatch(hint);
	});
});

describe('the proxy of n8n', () => {
	it.each([
		['ECONNREFUSED connect ECONNREFUSED 10.0.0.7:3128', ORIGIN, '10.0.0.7:3128'],
		['ECONNREFUSED connect ECONNREFUSED 10.0.0.7:3128', HTTP_ORIGIN, '10.0.0.7:3128'],
		['ECONNREFUSED connect ECONNREFUSED ::1:3128', ORIGIN, '::1:3128'],
		['ETIMEDOUT connect ETIMEDOUT 10.0.0.7:3128', ORIGIN, '10.0.0.7:3128'],
		['ENOTFOUND getaddrinfo ENOTFOUND proxy.corp', ORIGIN, 'proxy.corp'],
		['EAI_AGAIN getaddrinfo EAI_AGAIN proxy.corp', 'http://127.0.0.1:9', 'proxy.corp'],
	])('is named where the connection to it failed: %s', (cause, origin, proxy) => {
		const { message, advice } = describeFault(unreachable(cause, 'Look first.'), origin);
		expect(message).toContain(` through the proxy ${proxy}: `);
		expect(advice).toMatch(/^Check HTTP_PROXY, HTTPS_PROXY and NO_PROXY/);
	});

	it.each([
		['ECONNREFUSED connect ECONNREFUSED 10.0.0.7:443', ORIGIN],
		['ECONNREFUSED connect ECONNREFUSED 10.0.0.7:80', HTTP_ORIGIN],
		['ECONNREFUSED connect ECONNREFUSED 10.0.0.7:8443', `${ORIGIN}:8443`],
		['ENOTFOUND getaddrinfo ENOTFOUND api.mindpeeker.com', ORIGIN],
		['ECONNREFUSED connect ECONNREFUSED 10.0.0.7', ORIGIN],
	])('is not blamed where the connection to MindPeeker failed: %s', (cause, origin) => {
		expect(textOf(cause, origin)).not.toContain('through the proxy');
	});
});
