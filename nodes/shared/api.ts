import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestMethods,
} from 'n8n-workflow';

import type { ApiFault, FaultText } from './apiFault';
import { readRefusal, readSuccess } from './apiResponse';
import { isBlank } from './blank';
import { CREDENTIAL } from './credential';
import { baseUrlOf } from './environments';
import { MindPeekerError, MindPeekerOperationError, type ApiContext } from './mindPeekerError';
import { isHttpUrl } from './publicUrl';
import type { Outcome, Retries } from './retries';
import { presentable } from './serviceText';
import { send } from './transport';

export interface Call {
	method: IHttpRequestMethods;
	/** Below the base url, with a slash in front. */
	path: string;
	query?: IDataObject;
	body?: IDataObject;
	/** How large the answer may be, where less than usual. */
	maxBytes?: number;
	/** What the user is told that there is none of where the answer is 404, such as `webhook wh_1`. */
	subject?: string;
	/** What the user is told at these statuses instead. */
	texts?: Readonly<Record<number, FaultText>>;
	/** What the user is told to do where the call may have had its effect all the same. */
	adviceIfDone?: string;
	/** Statuses beside 2xx that are no fault, if the API itself answered. */
	accept?: number[];
	/** The same where the call was made before, and may have had its effect then. */
	acceptIfDone?: number[];
}

// All of what a person waits for.
const PATIENCE_MS = 120_000;

const NO_API_KEY = {
	what: 'The MindPeeker credential has no API key',
	advice: 'Enter one there. If it is an expression, check what it returns.',
};

/** MindPeeker's API, as the credential of a node reaches it. */
export class ApiConnection {
	/** What is never shown of what the service says. */
	private readonly secrets = new Set<string>();

	private constructor(
		private readonly context: ApiContext,
		private readonly credential: ICredentialDataDecryptedObject,
		private readonly baseUrl: string,
		private readonly retries?: Retries,
	) {}

	/**
	 * @param retries by which a call is made again where that is safe and may help
	 * @param itemCredential the credential as it is for an item; without it, as it is for no item
	 * @throws {MindPeekerError} if the credential has no usable base url
	 * @throws {MindPeekerOperationError} if the credential has no API key
	 */
	static async connect(
		context: ApiContext,
		retries?: Retries,
		itemCredential?: ICredentialDataDecryptedObject,
	): Promise<ApiConnection> {
		const credential: ICredentialDataDecryptedObject =
			itemCredential ?? (await context.getCredentials(CREDENTIAL));
		const baseUrl = baseUrlOf(credential);
		if (!isHttpUrl(baseUrl)) throw new MindPeekerError(context, { kind: 'no-base-url' });
		const { apiKey, signingSecret, previousSigningSecret } = credential;
		if (!isKey(apiKey)) throw new MindPeekerOperationError(context, NO_API_KEY);
		const connection = new ApiConnection(context, credential, baseUrl, retries);
		connection.conceal(String(apiKey), signingSecret, previousSigningSecret);
		return connection;
	}

	/** How long the calls for one purpose, such as a list, may take in all, in milliseconds. */
	get patienceMs(): number {
		return this.retries?.limits.maxTotalMs ?? PATIENCE_MS;
	}

	/** The service may know these, and repeat them: they are left out of all that is shown of what it says. */
	conceal(...secrets: unknown[]): void {
		for (const secret of secrets.filter(isText)) {
			// HTTP drops white space around a header.
			for (const text of [secret, secret.trim()].filter(isText)) this.secrets.add(text);
		}
	}

	/**
	 * Gives the body of the answer.
	 *
	 * @throws {MindPeekerError} where no answer comes, or one that says no
	 */
	async call(call: Call): Promise<unknown> {
		this.conceal(call.body?.secret);
		const attempt = async (mayBeDone: boolean) => await this.attempt(call, mayBeDone);
		const outcome = this.retries
			? await this.retries.make(attempt, call.method !== 'POST')
			: await attempt(false);
		if (!outcome.fault) return outcome.body;
		throw this.error(outcome.fault);
	}

	/** A text from an answer, as it may be shown. */
	shown(text: string): string {
		return presentable(this.redact(text));
	}

	/** For an answer whose status is good and whose content is not. */
	unintelligible(detail: string, adviceIfDone?: string): MindPeekerError {
		return this.error({ kind: 'unintelligible', detail, adviceIfDone });
	}

	private async attempt(call: Call, mayBeDone: boolean): Promise<Outcome> {
		const { accept = [], acceptIfDone = [], subject, texts, adviceIfDone } = call;
		const url = `${this.baseUrl}${call.path}`;
		const { credential } = this;
		const answer = await send(this.context, { ...call, url, credential });
		const redact = (text: string) => this.redact(text);
		if ('kind' in answer) {
			return { fault: { ...answer, cause: redact(answer.cause), adviceIfDone } };
		}
		const { status, content } = answer;
		const accepted = mayBeDone ? [...accept, ...acceptIfDone] : accept;
		if (status >= 200 && status < 300) {
			const outcome = readSuccess(answer, call.method, redact);
			if ('body' in outcome) return outcome;
			return { fault: { kind: 'unintelligible', ...outcome, adviceIfDone } };
		}
		if (accepted.includes(status) && 'body' in content) return content;
		const known = { subject, texts, adviceIfDone };
		return { fault: { kind: 'refused', ...readRefusal(answer, url, redact), ...known } };
	}

	private redact(text: string): string {
		// One may begin with another, whose removal would leave its end.
		const longestFirst = [...this.secrets].sort((one, other) => other.length - one.length);
		return longestFirst.reduce((redacted, secret) => redacted.replaceAll(secret, '…'), text);
	}

	private error(fault: ApiFault): MindPeekerError {
		return new MindPeekerError(this.context, fault, new URL(this.baseUrl).origin);
	}
}

/** An expression may return a key that is a number. */
function isKey(value: unknown): boolean {
	return typeof value === 'number' || (isText(value) && !isBlank(value));
}

function isText(value: unknown): value is string {
	return typeof value === 'string' && value !== '';
}
