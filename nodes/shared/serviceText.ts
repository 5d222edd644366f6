const MAX_LENGTH = 300;

// n8n puts a text of its own in place of one that has an error code in it, and gives up at a start-up for "authorization".
const TELLING_WORDS =
	/ECONN\w*|ENOTFOUND|ETIMEDOUT|ERRADDR\w*|EADDR\w*|EHOST\w*|EAI_AGAIN|ENOENT|EISDIR|ENOTDIR|EACCES|EEXIST|EPERM|getaddrinfo|authorization/gi;

/** A text of the service as an error and the log may have it: one line, not long, and without words by which n8n acts. */
export function presentable(text: string): string {
	return inOneLine(text.slice(0, MAX_LENGTH)).replace(TELLING_WORDS, '…');
}

/** What is named by an id: all of it but the word for which n8n gives up. `MindPeekerError` keeps its message whatever the codes. */
export function withId(subject: string): string {
	return inOneLine(subject).replace(/authorization/gi, '…');
}

/** Without anything that a terminal would act on, or that turns the direction of what follows. */
export function inOneLine(text: string): string {
	return text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
}
