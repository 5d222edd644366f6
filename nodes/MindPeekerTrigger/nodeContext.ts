import type { IExecuteFunctions, IHookFunctions, INode, IWebhookFunctions } from 'n8n-workflow';

/** What n8n passes to the functions of the trigger. */
export type TriggerContext = IHookFunctions | IWebhookFunctions | IExecuteFunctions;

const nodes = new WeakMap<object, Pick<INode, 'id' | 'name'>>();

/** Cached, because `getNode` copies the node on every call. */
function getCachedNode(context: TriggerContext): Pick<INode, 'id' | 'name'> {
	const node = nodes.get(context) ?? context.getNode();
	nodes.set(context, node);
	return node;
}

/** Creates one value per node of a workflow, on first use. The value lives as long as the process. */
export function memoizePerNode<T>(
	create: (context: TriggerContext) => T,
): (context: TriggerContext) => T {
	const values = new Map<string, T>();
	return (context) => {
		const key = `${context.getWorkflow().id} ${getCachedNode(context).id}`;
		const value = values.get(key) ?? create(context);
		values.set(key, value);
		return value;
	};
}

/** The workflow and the node in an entry of n8n's log. */
export interface LogContext {
	readonly workflowId: string;
	readonly workflowName: string;
	readonly nodeName: string;
}

export function getLogContext(context: TriggerContext): LogContext {
	const { id, name } = context.getWorkflow();
	const { name: nodeName } = getCachedNode(context);
	return { workflowId: String(id), workflowName: String(name), nodeName };
}

/** Writes a message about a node to n8n's log. */
export type NodeLogger = (
	level: 'debug' | 'info' | 'warn',
	text: string,
	metadata?: Record<string, unknown>,
) => void;

const MAX_TEXT_LENGTH = 1_000;

export function createNodeLogger(context: TriggerContext): NodeLogger {
	const { logger } = context;
	const logContext = getLogContext(context);
	return (level, text, metadata) =>
		logger[level](formatMessage(sanitize(text, MAX_TEXT_LENGTH), logContext), {
			...logContext,
			...metadata,
		});
}

export function formatMessage(
	text: string,
	{ workflowId, workflowName, nodeName }: LogContext,
): string {
	return `MindPeeker Trigger: ${text} [workflow "${sanitize(workflowName)}" (${workflowId}), node "${sanitize(nodeName)}"]`;
}

const MAX_NAME_LENGTH = 256;
/** Control characters, invisible and bidirectional marks, half surrogate pairs, and separators of lines. */
const UNSAFE_CHARACTERS = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Limits the length, and escapes what could start a new line, control a terminal or hide text. */
export function sanitize(text: string, maxLength = MAX_NAME_LENGTH): string {
	return text.slice(0, maxLength).replace(UNSAFE_CHARACTERS, escapeCharacter);
}

function escapeCharacter(character: string): string {
	const code = (character.codePointAt(0) as number).toString(16);
	return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}
