import { CHECK_URL, type NetworkCause } from './failure';

const REPLACE_CERTIFICATE = 'Ask the administrator of the server to replace the certificate.';

/** Certificate errors, by the codes of Node.js. */
export const CERTIFICATE_CAUSES: readonly NetworkCause[] = [
	{
		pattern: /\bCERT_HAS_EXPIRED\b/,
		message: 'its certificate has expired',
		hint: 'Ask the administrator of the server to renew the certificate. Also check the date and time of this n8n instance.',
	},
	{
		pattern: /\bCERT_NOT_YET_VALID\b/,
		message: 'its certificate is not valid yet',
		hint: `Check the date and time of the machine that runs n8n. If they are correct, the certificate is wrong. ${REPLACE_CERTIFICATE}`,
	},
	{
		pattern: /\bCERT_REVOKED\b/,
		message: 'its certificate was revoked',
		hint: `${REPLACE_CERTIFICATE} Do not use the server until then.`,
	},
	{
		pattern: /\bDEPTH_ZERO_SELF_SIGNED_CERT\b/,
		message: 'its certificate is self-signed, and n8n does not trust it',
		hint: 'Save the certificate as a PEM file, set NODE_EXTRA_CA_CERTS to its path in the environment of n8n, then restart n8n.',
	},
	{
		pattern:
			/\b(SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_UNTRUSTED|INVALID_CA)\b/,
		message: 'its certificate was issued by an authority that n8n does not trust',
		hint: 'Save the CA certificate of the server, or of the firewall that inspects HTTPS, as a PEM file. Set NODE_EXTRA_CA_CERTS to its path in the environment of n8n, then restart n8n.',
	},
	{
		pattern: /\b(ERR_TLS_CERT_ALTNAME_\w+|HOSTNAME_MISMATCH)\b/,
		message: 'its certificate is for another host name',
		hint: 'Check the host name of the base URL in the MindPeeker credential. If it is correct, a firewall or another server may have responded, or the certificate must be replaced.',
	},
	{
		pattern: /\b(CRL_\w+|UNABLE_TO_\w*CRL\w*|ERROR_IN_CRL\w*)\b/,
		message: 'the revocation list for its certificate could not be checked',
		hint: 'Ask the administrator of this n8n instance to check the list, then try again.',
	},
	{
		pattern:
			/\b(CERT_\w+|\w+_CERT_\w+|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|UNABLE_TO_DECODE_\w+)\b|(key|algorithm) too weak/,
		message: 'its certificate is not valid',
		showsCode: true,
		hint: REPLACE_CERTIFICATE,
	},
];

/** TLS handshake errors, by the texts of OpenSSL. Its error codes contain the same words. */
export const HANDSHAKE_CAUSES: readonly NetworkCause[] = [
	{
		pattern:
			/wrong[ _]version[ _]number|(packet|data)[ _]length[ _]too[ _]long|SSL.*(unexpected[ _]message|http[ _]request)/i,
		message: 'the server does not use HTTPS',
		hint: 'If the server uses HTTP, start the base URL in the MindPeeker credential with http://. If n8n uses a proxy, check that HTTPS_PROXY starts with http://.',
	},
	{
		pattern: /alert[ _]protocol[ _]version|unsupported[ _]protocol|no[ _]protocols[ _]available/i,
		message: 'the server offers no TLS version that n8n accepts',
		hint: 'Ask the administrator of the server to allow TLS 1.2 or newer.',
	},
	{
		pattern: /certificate[ _]required/i,
		message: 'the server requires a client certificate',
		hint: `${CHECK_URL} MindPeeker requires an API key only.`,
	},
	{
		pattern: /unrecognized[ _]name/i,
		message: 'the server does not know this host name',
		hint: CHECK_URL,
	},
	{
		pattern:
			/handshake[ _]failure|no[ _]shared[ _]cipher|key[ _]too[ _]small|unsafe[ _]legacy[ _]renegotiation/i,
		message: 'the server and n8n have no encryption method in common',
		showsCode: true,
		hint: 'Ask the administrator of the server, or of the firewall in front of it, which TLS versions, ciphers and client certificates it accepts.',
	},
	{
		pattern: /before secure TLS connection was established/,
		message: 'the connection was closed before it was encrypted',
		hint: `A firewall may close the connection, or the server does not use HTTPS. ${CHECK_URL}`,
	},
];
