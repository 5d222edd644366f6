import { CERTIFICATE_CAUSES } from './certificateCauses';
import { CHECK_PROXY, CHECK_URL } from './faultText';
import { TLS_CAUSES } from './tlsCauses';

/** One reason why no response came. */
export interface NetworkCause {
	/** Finds it among the codes and messages of the error. */
	readonly pattern: RegExp;
	/** What happened, after "MindPeeker could not be reached at …:". */
	readonly what: string;
	readonly advice: string;
	/** What else to do if the base URL begins with http://. */
	readonly adviceForHttp?: string;
	/** Whether the code or the reason is said too, since `what` stands for several. */
	readonly isGeneral?: true;
}

const CHECK_NETWORK =
	'Check the network, the routes and the VPN of the machine or container that runs n8n.';
const IF_HTTPS = 'If the server expects HTTPS, begin the base URL with https://.';

/** What n8n itself refuses, or cannot do. */
const N8N_CAUSES: readonly NetworkCause[] = [
	{
		pattern: /hostname is restricted/,
		what: "n8n's SSRF protection blocks this host name",
		advice:
			'Ask the administrator of this n8n to remove the host name from N8N_SSRF_BLOCKED_HOSTNAMES, or to add it to N8N_SSRF_ALLOWED_HOSTNAMES, and to restart n8n.',
	},
	{
		pattern: /restricted IP address|request was blocked|\bSSRF\b/,
		what: "n8n's SSRF protection blocks this address",
		advice:
			'Ask the administrator of this n8n to add the address to N8N_SSRF_ALLOWED_IP_RANGES, or the host name to N8N_SSRF_ALLOWED_HOSTNAMES, and to restart n8n.',
	},
	{
		pattern: /\bDomain not allowed\b/,
		what: 'the MindPeeker credential does not allow requests to this host',
		advice: 'Add the host to Allowed Domains in the MindPeeker credential.',
	},
	{
		pattern: /\bERR_INVALID_CHAR\b/,
		what: 'the API key contains a character that cannot be sent',
		advice:
			'Enter the API key again in the MindPeeker credential, without line breaks and special characters.',
	},
	{
		// The base URL is checked before each request.
		pattern: /\bERR_INVALID_(URL|PROTOCOL)\b/,
		what: 'the address of the proxy of this n8n is not valid',
		advice:
			'Write HTTP_PROXY and HTTPS_PROXY in the environment of n8n as URLs, such as http://proxy.example.com:3128.',
	},
];

const PROXY_CAUSES: readonly NetworkCause[] = [
	{
		pattern: /\bproxy (connection|response|CONNECT)\b|\btunneling socket\b|\bERR_PROXY_/i,
		what: 'the proxy of this n8n did not open a connection',
		advice: CHECK_PROXY,
	},
];

const CONNECTION_CAUSES: readonly NetworkCause[] = [
	{
		pattern: /\b(ENOTFOUND|ENODATA|ENONAME|EAI_(NONAME|NODATA|ADDRFAMILY))\b/,
		what: 'its name could not be resolved',
		advice: `${CHECK_URL} Check the DNS server of the machine or container that runs n8n too.`,
	},
	{
		pattern: /\b(EAI_(AGAIN|FAIL)|ESERVFAIL|EREFUSED|ETIMEOUT|EBADRESP)\b/,
		what: 'its name could not be resolved, because the DNS server gave no answer',
		advice:
			'Check the DNS server and the network of the machine or container that runs n8n, then try again.',
	},
	{
		pattern: /\bECONNREFUSED\b/,
		what: 'the connection was refused',
		advice: `Nothing listens there, or a firewall refuses the connection. ${CHECK_URL} Check the network of this n8n too.`,
	},
	{
		pattern: /\b(EADDRNOTAVAIL|EADDRINUSE)\b/,
		what: 'the machine that runs n8n has no address or port left for the connection',
		advice: `${CHECK_URL} If they are right, this machine has too many open connections. Wait a minute, then try again.`,
	},
	{
		pattern: /\b(EMFILE|ENFILE|ENOBUFS|ENOMEM|EAI_MEMORY)\b/,
		what: 'the machine that runs n8n has no resources left for the connection',
		advice: 'Check the memory and the limit of open files of n8n, then try again.',
	},
	{
		pattern: /\bEAFNOSUPPORT\b/,
		what: 'the machine that runs n8n does not support this type of address',
		advice:
			'Use a host name, or an address of the other IP version, in the base URL of the MindPeeker credential.',
	},
];

/** What may also happen after the request was sent. */
const UNSURE_CAUSES: readonly NetworkCause[] = [
	{
		pattern: /\b(EHOSTUNREACH|EHOSTDOWN)\b/,
		what: 'its host is unreachable',
		advice: CHECK_NETWORK,
	},
	{
		pattern: /\b(ENETUNREACH|ENETDOWN|ENONET)\b/,
		what: 'its network is unreachable',
		advice: CHECK_NETWORK,
	},
	{
		pattern: /\b(EACCES|EPERM)\b/,
		what: 'the machine that runs n8n does not allow the connection',
		advice: 'Check the firewall and the security policy of the machine or container that runs n8n.',
	},
	{
		pattern: /\b(ETIMEDOUT|ECONNABORTED|ESOCKETTIMEDOUT|UND_ERR_\w*TIMEOUT)\b/,
		what: 'no answer came in time',
		advice:
			'Try again. If it lasts, a firewall may drop the connection: check the network of this n8n.',
	},
	{
		pattern:
			/\b(ECONNRESET|EPIPE|UND_ERR_SOCKET|ERR_STREAM_PREMATURE_CLOSE)\b|socket hang up|premature close|\baborted\b/i,
		what: 'the connection was cut',
		advice: 'Try again. If it lasts, a firewall or proxy may cut it: ask its administrator.',
		adviceForHttp: IF_HTTPS,
	},
	{
		pattern: /\bHPE_HEADER_OVERFLOW\b/,
		what: 'the headers of its response are too large',
		advice: `${CHECK_URL} If they are right, ask the administrator of your proxy.`,
	},
	{
		pattern: /\bHPE_\w+|\bParse Error\b/,
		what: 'its response is not valid HTTP',
		isGeneral: true,
		advice: `${CHECK_URL} A proxy may also have damaged the response.`,
		adviceForHttp: IF_HTTPS,
	},
	{
		pattern: /\bZ_\w+_ERROR\b|\bERR_+(BROTLI|ZSTD|ERROR)\w*|incorrect header check/,
		what: 'its response could not be decompressed',
		advice: `Try again. If it lasts, a proxy may damage the response: ask its administrator.`,
	},
	{
		pattern: /\bEPROTO\b|\bERR_SSL_|\bSSL routines\b/,
		what: 'the encryption of the connection failed',
		isGeneral: true,
		advice:
			'Try again. If it lasts, ask the administrator of the server, or of the firewall in front of it, what it accepts.',
	},
];

/** What another attempt does not change. */
export const LASTING_CAUSES = [...N8N_CAUSES, ...CERTIFICATE_CAUSES];

/** Before the request was sent; the first that fits is the cause. */
export const UNSENT_CAUSES = [
	...N8N_CAUSES,
	...PROXY_CAUSES,
	...CERTIFICATE_CAUSES,
	...TLS_CAUSES,
	...CONNECTION_CAUSES,
];

/** All; the first that fits is the cause. */
export const NETWORK_CAUSES = [...UNSENT_CAUSES, ...UNSURE_CAUSES];
