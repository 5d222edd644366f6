/** What a response that is not JSON says of its sender. */
export interface WebPage {
	/** Whether it is HTML or XML, and no plain text. */
	readonly isMarkup: boolean;
	/** The title of the page, or the first line of the text; empty if there is none. */
	readonly title: string;
	/** Whether the server wants HTTPS, and was asked without. */
	readonly wantsHttps: boolean;
}

/** A page says this at its beginning, and may be as large as a response may be. */
const MAX_SEARCHED = 64 * 1024;

/** Each ends at the next tag, so that no page makes the search slow. */
const TITLES = [
	/<title\b[^<>]*>([^<]*)/i,
	/<h1\b[^<>]*>([^<]*)/i,
	/<message>([^<]*)/i,
	/<code>([^<]*)/i,
];

/** How nginx, Apache, Go (as in Caddy and Traefik) and Tomcat say it. */
const WANTS_HTTPS =
	/plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled|HTTP request to an HTTPS server|host and port requires TLS/i;

const ENTITIES: Readonly<Record<string, string>> = {
	amp: '&',
	apos: "'",
	gt: '>',
	hellip: '…',
	lt: '<',
	mdash: '—',
	nbsp: ' ',
	ndash: '–',
	quot: '"',
};

export function isMarkup(text: string): boolean {
	return /^\s*</.test(text);
}

/** Reads what the user should know of a page, or of another text, that came instead of JSON. */
export function readWebPage(text: string): WebPage {
	const start = text.slice(0, MAX_SEARCHED);
	const isPage = isMarkup(start);
	return {
		isMarkup: isPage,
		title: isPage ? findTitle(start) : start.trim().replace(/[\r\n].*/s, ''),
		wantsHttps: WANTS_HTTPS.test(start),
	};
}

function findTitle(page: string): string {
	const titles = TITLES.map((pattern) => pattern.exec(page)?.[1] ?? '');
	return titles.map((title) => decodeEntities(title).trim()).find(Boolean) ?? '';
}

function decodeEntities(text: string): string {
	return text.replace(/&(#\d{1,6}|#x[\da-f]{1,5}|[a-z]{2,6});/gi, (entity, found: string) => {
		const [, hexadecimal, decimal] = /#(?:x(.+)|(.+))/i.exec(found) ?? [];
		if (hexadecimal) return String.fromCodePoint(parseInt(hexadecimal, 16));
		return decimal ? String.fromCodePoint(Number(decimal)) : (ENTITIES[found] ?? entity);
	});
}
