import { CHECK_PROXY, CHECK_URL, type NetworkCause } from './failure';
import { CERTIFICATE_CAUSES, HANDSHAKE_CAUSES } from './tlsCauses';

const CHECK_NETWORK =
	'Check the network, the routes and the VPN of the machine or container that runs n8n.';
const USE_HTTPS_IF_EXPECTED =
	'If the server expects HTTPS, start the base URL with https:// instead of http://.';

/** Errors of n8n itself. */
const N8N_CAUSES: readonly NetworkCause[] = [
	{
		pattern: /hostname is restricted/,
		message: "n8n's SSRF protection blocks this host name",
		hint: 'Ask the administrator of this n8n instance to remove the host name from N8N_SSRF_BLOCKED_HOSTNAMES, or to add it to N8N_SSRF_ALLOWED_HOSTNAMES, and to restart n8n.',
	},
	{
		pattern: /restricted IP address|request was blocked|\bSSRF\b/,
		message: "n8n's SSRF protection blocks this address",
		hint: 'Ask the administrator of this n8n instance to add the address to N8N_SSRF_ALLOWED_IP_RANGES as a range, such as 10.0.0.5/32, or the host name to N8N_SSRF_ALLOWED_HOSTNAMES, and to restart n8n.',
	},
	{
		pattern: /\bDomain not allowed\b/,
		message: 'the MindPeeker credential does not allow requests to this host',
		hint: 'Add the host to Allowed Domains, under Allowed HTTP Request Domains, in the MindPeeker credential.',
	},
	{
		pattern: /\bERR_INVALID_CHAR\b/,
		message: 'the API key contains a character that cannot be sent',
		hint: 'Enter the API key again in the MindPeeker credential, without line breaks and special characters.',
	},
	{
		// The base URL was validated before, so the proxy is wrong.
		pattern: /\bERR_INVALID_(URL|PROTOCOL)\b/,
		message: 'the proxy address of this n8n instance is not valid',
		hint: 'Write HTTP_PROXY and HTTPS_PROXY in the environment of n8n as URLs, such as http://proxy.example.com:3128.',
	},
];

const PROXY_CAUSES: readonly NetworkCause[] = [
	{
		pattern: /\bproxy (connection|response|CONNECT)\b|\btunneling socket\b|\bERR_PROXY_/i,
		message: 'the proxy of this n8n instance did not open a connection',
		hint: CHECK_PROXY,
	},
];

const CONNECTION_CAUSES: readonly NetworkCause[] = [
	{
		pattern: /\b(ENOTFOUND|ENODATA|ENONAME|EAI_(NONAME|NODATA|ADDRFAMILY))\b/,
		message: 'its name could not be resolved',
		hint: `${CHECK_URL} Also check the DNS server of the machine or container that runs n8n.`,
	},
	{
		pattern: /\b(EAI_(AGAIN|FAIL)|ESERVFAIL|EREFUSED|ETIMEOUT|EBADRESP)\b/,
		message: 'its name could not be resolved, because the DNS server did not respond',
		hint: 'Check the DNS server and the network of the machine or container that runs n8n, then try again.',
	},
	{
		pattern: /\bECONNREFUSED\b/,
		message: 'the connection was refused',
		hint: `The server is not running, or a firewall refuses the connection. ${CHECK_URL} Also check the network of this n8n instance.`,
	},
	{
		pattern: /\b(EADDRNOTAVAIL|EADDRINUSE)\b/,
		message: 'the machine that runs n8n has no address or port left for the connection',
		hint: `${CHECK_URL} If they are correct, this machine has too many open connections. Wait a minute, then try again.`,
	},
	{
		pattern: /\b(EMFILE|ENFILE|ENOBUFS|ENOMEM|EAI_MEMORY)\b/,
		message: 'the machine that runs n8n has no resources left for the connection',
		hint: 'Check the memory and the limit of open files of n8n, then try again.',
	},
	{
		pattern: /\bEAFNOSUPPORT\b/,
		message: 'the machine that runs n8n does not support this type of address',
		hint: 'Use a host name, or an address of the other IP version, in the base URL of the MindPeeker credential.',
	},
];

/** Errors that can also occur after the request was sent. */
const UNCERTAIN_CAUSES: readonly NetworkCause[] = [
	{
		pattern: /\b(EHOSTUNREACH|EHOSTDOWN)\b/,
		message: 'its host is unreachable',
		hint: CHECK_NETWORK,
	},
	{
		pattern: /\b(ENETUNREACH|ENETDOWN|ENONET)\b/,
		message: 'its network is unreachable',
		hint: CHECK_NETWORK,
	},
	{
		pattern: /\b(EACCES|EPERM)\b/,
		message: 'the machine that runs n8n does not allow the connection',
		hint: 'Check the firewall and the security policy of the machine or container that runs n8n.',
	},
	{
		pattern: /\b(ETIMEDOUT|ECONNABORTED|ESOCKETTIMEDOUT|UND_ERR_\w*TIMEOUT)\b/,
		message: 'the request timed out',
		hint: 'Try again. If the error persists, a firewall may drop the connection: check the network of this n8n instance.',
	},
	{
		pattern:
			/\b(ECONNRESET|EPIPE|UND_ERR_SOCKET|ERR_STREAM_PREMATURE_CLOSE)\b|socket hang up|premature close|\baborted\b/i,
		message: 'the connection was closed',
		hint: 'Try again. If the error persists, a firewall or proxy may close the connection: ask its administrator.',
		hintForHttp: USE_HTTPS_IF_EXPECTED,
	},
	{
		pattern: /\bHPE_HEADER_OVERFLOW\b/,
		message: 'the headers of its response are too large',
		hint: `${CHECK_URL} If they are correct, ask the administrator of your proxy.`,
	},
	{
		pattern: /\bHPE_\w+|\bParse Error\b/,
		message: 'its response is not valid HTTP',
		showsCode: true,
		hint: `${CHECK_URL} A proxy may also have damaged the response.`,
		hintForHttp: USE_HTTPS_IF_EXPECTED,
	},
	{
		pattern: /\bZ_\w+_ERROR\b|\bERR_+(BROTLI|ZSTD|ERROR)\w*|incorrect header check/,
		message: 'its response could not be decompressed',
		hint: 'Try again. If the error persists, a proxy may damage the response: ask its administrator.',
	},
	{
		pattern: /\bEPROTO\b|\bERR_SSL_|\bSSL routines\b/,
		message: 'the encryption of the connection failed',
		showsCode: true,
		hint: 'Try again. If the error persists, ask the administrator of the server, or of the firewall in front of it, which TLS settings it accepts.',
	},
];

/** Errors that a retry does not fix. */
export const PERMANENT_CAUSES = [...N8N_CAUSES, ...CERTIFICATE_CAUSES];

/** Errors before the request was sent. The first match wins. */
export const UNSENT_CAUSES = [
	...N8N_CAUSES,
	...PROXY_CAUSES,
	...CERTIFICATE_CAUSES,
	...HANDSHAKE_CAUSES,
	...CONNECTION_CAUSES,
];

/** All known errors. The first match wins. */
export const NETWORK_CAUSES = [...UNSENT_CAUSES, ...UNCERTAIN_CAUSES];
