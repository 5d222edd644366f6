import type { NetworkCause } from './networkCauses';

const REPLACE = 'Ask the administrator of the server to replace the certificate.';

/** Why n8n does not accept the certificate of a server, by the codes of Node.js. */
export const CERTIFICATE_CAUSES: readonly NetworkCause[] = [
	{
		pattern: /\bCERT_HAS_EXPIRED\b/,
		what: 'its certificate has expired',
		advice:
			'Ask the administrator of the server to renew the certificate. Check the date and time of this n8n too.',
	},
	{
		pattern: /\bCERT_NOT_YET_VALID\b/,
		what: 'its certificate is not valid yet',
		advice: `Check the date and time of the machine that runs n8n. If they are right, the certificate is wrong. ${REPLACE}`,
	},
	{
		pattern: /\bCERT_REVOKED\b/,
		what: 'its certificate was revoked',
		advice: `${REPLACE} Do not use the server until then.`,
	},
	{
		pattern: /\bDEPTH_ZERO_SELF_SIGNED_CERT\b/,
		what: 'its certificate is self-signed, and n8n does not trust it',
		advice:
			'Save the certificate as a PEM file, set NODE_EXTRA_CA_CERTS to its path in the environment of n8n, then restart n8n.',
	},
	{
		pattern:
			/\b(SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_UNTRUSTED|INVALID_CA)\b/,
		what: 'its certificate was issued by an authority that n8n does not trust',
		advice:
			'Save the CA certificate of the server, or of the firewall that inspects HTTPS, as a PEM file. Set NODE_EXTRA_CA_CERTS to its path in the environment of n8n, then restart n8n.',
	},
	{
		pattern: /\b(ERR_TLS_CERT_ALTNAME_\w+|HOSTNAME_MISMATCH)\b/,
		what: 'its certificate is for another host name',
		advice:
			'Check the host name of the base URL in the MindPeeker credential. If it is right, a firewall or another server may have answered, or the certificate has to be replaced.',
	},
	{
		pattern: /\b(CRL_\w+|UNABLE_TO_\w*CRL\w*|ERROR_IN_CRL\w*)\b/,
		what: 'the revocation list for its certificate could not be checked',
		advice: 'Ask the administrator of this n8n to check the list, then try again.',
	},
	{
		pattern:
			/\b(CERT_\w+|\w+_CERT_\w+|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|UNABLE_TO_DECODE_\w+)\b|(key|algorithm) too weak/,
		what: 'its certificate is not valid',
		isGeneral: true,
		advice: REPLACE,
	},
];
