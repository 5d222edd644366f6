import { isObject } from './isObject';

/** What errors have of Node.js, of the HTTP client and of n8n. */
interface ErrorLike {
	code?: unknown;
	/** Where n8n keeps the code. */
	httpCode?: unknown;
	message?: unknown;
	/** What the message was before n8n put a text of its own in its place. */
	messages?: unknown;
	cause?: unknown;
	/** One for each address of a host. */
	errors?: unknown;
}

const MAX_DEPTH = 5;

/** The codes and messages of an error and of what caused it, without n8n's own text if there is a cause. */
export function summarizeError(error: unknown): string {
	const [outer = {}, ...causes] = listCauses(error);
	const words = [
		outer.code,
		outer.httpCode,
		...causes.flatMap(({ code, message }) => [code, message]),
		...(causes.length > 0 ? [] : [outer.messages, outer.message].flat()),
	];
	const texts = words.filter((word) => typeof word === 'string' && word !== '');
	return [...new Set(texts)].join(' ');
}

function listCauses(error: unknown): ErrorLike[] {
	const chain: ErrorLike[] = [];
	let link = error;
	while (isObject<ErrorLike>(link) && chain.length < MAX_DEPTH) {
		chain.push(link);
		link = link.cause ?? [link.errors].flat()[0];
	}
	return chain;
}
