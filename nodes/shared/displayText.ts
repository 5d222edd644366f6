const MAX_LENGTH = 300;

// n8n replaces an error message that contains an error code. At startup, it stops retrying after "authorization".
const TEXTS_THAT_N8N_INTERPRETS =
	/ECONN\w*|ENOTFOUND|ETIMEDOUT|ERRADDR\w*|EADDR\w*|EHOST\w*|EAI_AGAIN|ENOENT|EISDIR|ENOTDIR|EACCES|EEXIST|EPERM|getaddrinfo|authorization/gi;

/** Prepares an external text for errors and logs: a single line, at most 300 characters, without `TEXTS_THAT_N8N_INTERPRETS`. */
export function toDisplayText(text: string): string {
	return toSingleLine(text.slice(0, MAX_LENGTH)).replace(TEXTS_THAT_N8N_INTERPRETS, '…');
}

/** Prepares an ID or host name. Error codes stay, because `MindPeekerApiError` protects its message from n8n. */
export function toDisplayName(name: string): string {
	return toSingleLine(name).replace(/authorization/gi, '…');
}

/** Replaces line breaks, control characters and bidirectional marks, which could forge log lines. */
export function toSingleLine(text: string): string {
	return text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
}
