import { describe, expect, it } from '@jest/globals';

import { describeNetworkFailure, summarizeError } from '../../../nodes/shared/api/networkErrors.ts';
import type { NetworkFailure } from '../../../nodes/shared/api/failure.ts';

const ORIGIN = 'https://api.mindpeeker.com';
const HTTP_ORIGIN = 'http://api.example.com';
const networkFailure = (cause: string, hintIfUncertain?: string): NetworkFailure => ({
	kind: 'network',
	cause,
	hintIfUncertain,
});
const describeInFull = (cause: string, origin = ORIGIN) => {
	const { message, hint } = describeNetworkFailure(networkFailure(cause), origin);
	return `${message} ${hint}`;
};
/** An error of OpenSSL, as Node.js reports it. */
const openSsl = (reason: string) =>
	`EPROTO write EPROTO 807C6CFE437F0000:error:0A00010B:SSL routines:ssl3_get_record:${reason}:../deps/openssl/openssl/ssl/record/ssl3_record.c:350:`;

const TRUSTED_AUTHORITY = /an authority that n8n does not trust.*NODE_EXTRA_CA_CERTS/;
const NOT_HTTPS = /the server does not use HTTPS\. .*http:\/\/.*HTTPS_PROXY/;
const NO_NAME = /its name could not be resolved\. Check the environment and the base URL.*DNS/;
const NO_DNS = /the DNS server did not respond\. Check the DNS server/;

const UNSENT: Array<[string, RegExp]> = [
	[
		'The request was blocked because it resolves to a restricted IP address',
		/SSRF protection blocks this address.*N8N_SSRF_ALLOWED_IP_RANGES.*\/32.*N8N_SSRF_ALLOWED_HOSTNAMES/,
	],
	['The request was blocked for another reason', /SSRF protection blocks this address/],
	[
		'The request was blocked because the destination hostname is restricted',
		/SSRF protection blocks this host name.*N8N_SSRF_BLOCKED_HOSTNAMES.*N8N_SSRF_ALLOWED_HOSTNAMES/,
	],
	[
		'Domain not allowed: This credential is restricted from accessing 127.0.0.1',
		/credential does not allow requests to this host.*Allowed Domains, under Allowed HTTP Request Domains/,
	],
	[
		'ERR_INVALID_CHAR Invalid character in header content ["Authorization"]',
		/the API key contains a character that cannot be sent.*Enter the API key again/,
	],
	['ERR_INVALID_URL Invalid URL', /proxy address.*not valid.*HTTPS_PROXY/],
	['ERR_INVALID_PROTOCOL Protocol "socks5:" not supported.', /proxy address.*not valid/],
	[
		'Proxy connection ended before receiving CONNECT response',
		/the proxy of this n8n instance did not open a connection.*HTTPS_PROXY/,
	],
	[
		'Invalid header from proxy CONNECT response: "x"',
		/the proxy of this n8n instance did not open/,
	],
	[
		'tunneling socket could not be established, statusCode=407',
		/the proxy of this n8n instance did not/,
	],
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
		/have no encryption method in common \(sslv3 alert handshake failure\)\. .*ciphers/,
	],
	[openSsl('ssl/tls alert handshake failure'), /have no encryption method in common/],
	[openSsl('dh key too small'), /have no encryption method in common \(dh key too small\)/],
	['ERR_SSL_NO_SHARED_CIPHER', /have no encryption method in common/],
	[
		'ECONNRESET Client network socket disconnected before secure TLS connection was established',
		/the connection was closed before it was encrypted.*firewall.*HTTPS/,
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
	['ECONNREFUSED', /the connection was refused\. The server is not running.*network of this n8n/],
	['EADDRNOTAVAIL', /no address or port left.*base URL.*too many open connections/],
	['EADDRINUSE', /no address or port left/],
	['EMFILE', /no resources left.*open files/],
	['ENOBUFS', /no resources left/],
	['EAFNOSUPPORT', /does not support this type of address.*other IP version/],
];

const UNCERTAIN: Array<[string, RegExp]> = [
	['EHOSTUNREACH', /its host is unreachable\. Check the network, the routes/],
	['EHOSTDOWN', /its host is unreachable/],
	['ENETUNREACH', /its network is unreachable\. Check the network, the routes/],
	['ENETDOWN', /its network is unreachable/],
	['EACCES', /does not allow the connection\. Check the firewall/],
	['EPERM', /does not allow the connection/],
	['ETIMEDOUT', /the request timed out\. Try again.*firewall/],
	['ECONNABORTED timeout of 10000ms exceeded', /the request timed out/],
	['ESOCKETTIMEDOUT', /the request timed out/],
	['UND_ERR_CONNECT_TIMEOUT', /the request timed out/],
	['ECONNRESET read ECONNRESET', /the connection was closed\. Try again.*firewall or proxy/],
	['ECONNRESET aborted', /the connection was closed/],
	['ERR_BAD_RESPONSE stream has been aborted', /the connection was closed/],
	['EPIPE write EPIPE', /the connection was closed/],
	['socket hang up', /the connection was closed/],
	['ERR_STREAM_PREMATURE_CLOSE Premature close', /the connection was closed/],
	['UND_ERR_SOCKET other side closed', /the connection was closed/],
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

describe('describeNetworkFailure', () => {
	it.each([...UNSENT, ...UNCERTAIN])('describes: %s', (cause, text) => {
		expect(describeInFull(cause)).toMatch(
			/^MindPeeker could not be reached at api\.mindpeeker\.com: /,
		);
		expect(describeInFull(cause)).toMatch(text);
	});

	it.each([...UNSENT, ...UNCERTAIN])('avoids the words on which n8n acts: %s', (cause) => {
		expect(describeInFull(cause)).not.toMatch(/authorization|getaddrinfo|ECONN|EPERM|EACCES/i);
	});
});

describe('an unknown cause', () => {
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
	])('is quoted: %j', (cause, quoted) => {
		const { message, hint } = describeNetworkFailure(networkFailure(cause), ORIGIN);
		expect(message).toBe(`MindPeeker could not be reached at api.mindpeeker.com: ${quoted}`);
		expect(hint).toMatch(/^Check the environment and the base URL.*network of this n8n/);
	});
});

describe('hintIfUncertain', () => {
	const getHint = (cause: string) =>
		describeNetworkFailure(networkFailure(cause, 'Look first.'), ORIGIN).hint;

	it.each(UNCERTAIN)('is used if the request may have been sent: %s', (cause) => {
		expect(getHint(cause)).toBe('Look first.');
	});

	it.each(UNSENT)('is not used if the request was not sent: %s', (cause) => {
		expect(getHint(cause)).not.toContain('Look first.');
	});

	it.each(['ETIMEDOUT', 'ECONNRESET', 'EHOSTUNREACH', 'EACCES', 'EUNHEARDOF'])(
		'is not used if the connection failed: %s',
		(code) => expect(getHint(`${code} connect ${code} 192.0.2.1:443`)).not.toContain('Look first.'),
	);

	it('is used if nothing is known', () => expect(getHint('')).toBe('Look first.'));
});

describe('a base URL with http://', () => {
	it.each(['ECONNRESET socket hang up', 'HPE_INVALID_CONSTANT Parse Error'])(
		'may need https://: %s',
		(cause) => {
			const hint =
				/If the server expects HTTPS, start the base URL with https:\/\/ instead of http:\/\/\.$/;
			expect(describeInFull(cause, HTTP_ORIGIN)).toMatch(hint);
			expect(describeInFull(cause)).not.toMatch(hint);
			expect(describeInFull(cause, HTTP_ORIGIN)).toBe(
				`${describeInFull(cause).replace('api.mindpeeker.com', 'api.example.com')} If the server expects HTTPS, start the base URL with https:// instead of http://.`,
			);
		},
	);
});

describe('in a container', () => {
	const HINT = /If n8n runs in a container, .* is the container itself: use host\.docker\.internal/;

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
		expect(describeInFull('ECONNREFUSED', origin)).toMatch(HINT);
		expect(describeInFull('ETIMEDOUT', origin)).not.toMatch(HINT);
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
		expect(describeInFull('ECONNREFUSED', origin)).not.toMatch(HINT);
	});

	it('host.docker.internal must be added on Linux', () => {
		const origin = 'http://host.docker.internal:4010';
		const hint = /--add-host=host\.docker\.internal:host-gateway/;
		expect(describeInFull('ENOTFOUND getaddrinfo ENOTFOUND host.docker.internal', origin)).toMatch(
			hint,
		);
		expect(describeInFull('ENOTFOUND')).not.toMatch(hint);
		expect(describeInFull('ECONNREFUSED', origin)).not.toMatch(hint);
	});

	it('the simulator on the host must listen on more than 127.0.0.1', () => {
		const hint = /does not listen on 127\.0\.0\.1 only\. The simulator .* --host/;
		const origin = 'http://host.docker.internal:4010';
		expect(describeInFull('ECONNREFUSED', origin)).toMatch(hint);
		expect(describeInFull('ETIMEDOUT', origin)).not.toMatch(hint);
		expect(describeInFull('ECONNREFUSED', 'http://192.168.0.1:4010')).not.toMatch(hint);
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
		['ECONNREFUSED connect ECONNREFUSED 10.0.0.7:9', 'http://127.0.0.1:9', '10.0.0.7:9'],
		['ECONNREFUSED connect ECONNREFUSED ::2:9', 'http://[::1]:9', '::2:9'],
	])('is named if the connection to it failed: %s', (cause, origin, proxy) => {
		const { message, hint } = describeNetworkFailure(networkFailure(cause, 'Look first.'), origin);
		expect(message).toContain(` through the proxy ${proxy}: `);
		expect(hint).toMatch(/^Check HTTP_PROXY, HTTPS_PROXY and NO_PROXY/);
	});

	it.each([
		['ECONNREFUSED connect ECONNREFUSED 10.0.0.7:443', ORIGIN],
		['ECONNREFUSED connect ECONNREFUSED 10.0.0.7:80', HTTP_ORIGIN],
		['ECONNREFUSED connect ECONNREFUSED 10.0.0.7:8443', `${ORIGIN}:8443`],
		['ENOTFOUND getaddrinfo ENOTFOUND api.mindpeeker.com', ORIGIN],
		['ECONNREFUSED connect ECONNREFUSED 10.0.0.7', ORIGIN],
		['ECONNREFUSED connect ECONNREFUSED 127.0.0.1:9', 'http://127.0.0.1:9'],
		['ECONNREFUSED connect ECONNREFUSED 127.0.0.1:9', 'http://[::ffff:127.0.0.1]:9'],
		['ECONNREFUSED connect ECONNREFUSED ::1:9', 'http://[::1]:9'],
		['ECONNREFUSED connect ECONNREFUSED elsewhere:9', 'http://127.0.0.1:9'],
	])('is not named if the connection to MindPeeker failed: %s', (cause, origin) => {
		expect(describeInFull(cause, origin)).not.toContain('through the proxy');
	});
});

describe('summarizeError', () => {
	const error = (message: string, fields: object = {}) => Object.assign(new Error(message), fields);

	it.each<[string, unknown, string]>([
		['code and message', error('read', { code: 'ECONNRESET' }), 'ECONNRESET read'],
		[
			'the cause instead of the message of n8n',
			error('The service refused the connection', {
				httpCode: 'ECONNREFUSED',
				cause: error('connect ECONNREFUSED', { code: 'ECONNREFUSED' }),
			}),
			'ECONNREFUSED connect ECONNREFUSED',
		],
		[
			'all causes',
			error('a', { cause: error('b', { code: 'EB', cause: error('c', { code: 'EC' }) }) }),
			'EB b EC c',
		],
		[
			'the first of several errors',
			error('', { code: 'ETIMEDOUT', errors: [error('connect ETIMEDOUT'), error('other')] }),
			'ETIMEDOUT connect ETIMEDOUT',
		],
		['the original messages', error('n8n', { messages: ['first', 'n8n'] }), 'first n8n'],
		['strings only', error('text', { code: 7, httpCode: null, messages: [{}] }), 'text'],
		['no empty strings', error('', { cause: error('b', { code: '' }) }), 'b'],
		['nothing for a string', 'text', ''],
		['nothing for undefined', undefined, ''],
	])('returns %s', (_, thrown, cause) => {
		expect(summarizeError(thrown)).toBe(cause);
	});

	it('stops after five errors', () => {
		const deep = [6, 5, 4, 3, 2, 1].reduce<Error | undefined>(
			(cause, depth) => error(`e${depth}`, { cause }),
			undefined,
		);
		expect(summarizeError(deep)).toBe('e2 e3 e4 e5');
	});

	it('handles circular causes', () => {
		const one = error('one');
		Object.assign(one, { cause: error('other', { cause: one }) });
		expect(summarizeError(one)).toBe('other one');
	});
});
