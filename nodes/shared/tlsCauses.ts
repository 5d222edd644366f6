import { CHECK_URL } from './faultText';
import type { NetworkCause } from './networkCauses';

/** Why no encrypted connection came about, by the texts of OpenSSL; its codes have the same words. */
export const TLS_CAUSES: readonly NetworkCause[] = [
	{
		pattern:
			/wrong[ _]version[ _]number|(packet|data)[ _]length[ _]too[ _]long|SSL.*(unexpected[ _]message|http[ _]request)/i,
		what: 'the server does not speak HTTPS',
		advice:
			'If it is meant to speak HTTP, begin the base URL in the MindPeeker credential with http://. If n8n uses a proxy, check that HTTPS_PROXY begins with http://.',
	},
	{
		pattern: /alert[ _]protocol[ _]version|unsupported[ _]protocol|no[ _]protocols[ _]available/i,
		what: 'the server offers no TLS version that n8n accepts',
		advice: 'Ask the administrator of the server to allow TLS 1.2 or newer.',
	},
	{
		pattern: /certificate[ _]required/i,
		what: 'the server asks for a client certificate',
		advice: `${CHECK_URL} MindPeeker asks for an API key only.`,
	},
	{
		pattern: /unrecognized[ _]name/i,
		what: 'the server does not know this host name',
		advice: CHECK_URL,
	},
	{
		pattern:
			/handshake[ _]failure|no[ _]shared[ _]cipher|key[ _]too[ _]small|unsafe[ _]legacy[ _]renegotiation/i,
		what: 'the server and n8n did not agree on an encryption',
		isGeneral: true,
		advice:
			'Ask the administrator of the server, or of the firewall in front of it, which TLS versions, ciphers and client certificates it accepts.',
	},
	{
		pattern: /before secure TLS connection was established/,
		what: 'the connection was cut before it was encrypted',
		advice: `A firewall may cut the connection, or the server does not speak HTTPS. ${CHECK_URL}`,
	},
];
