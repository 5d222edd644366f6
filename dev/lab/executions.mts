import { parse } from 'flatted';
import type { INodeExecutionData, IRunExecutionData } from 'n8n-workflow';
import type { RestClient } from './restClient.mts';
import { pollUntil } from './pollUntil.mts';

export interface ExecutionSummary {
	id: string;
	workflowId: string;
	/** `webhook` in production, `manual` in the editor, `retry`, … */
	mode: string;
	status: 'new' | 'running' | 'waiting' | 'success' | 'error' | 'crashed' | 'canceled' | 'unknown';
	startedAt: string;
	stoppedAt?: string;
}

export interface Execution extends ExecutionSummary {
	data: IRunExecutionData;
}

export interface ExecutionFilter {
	workflowId?: string;
	status?: ExecutionSummary['status'][];
}

/** Without a `status`, executions that have ended. */
export interface WaitForExecutions extends ExecutionFilter {
	/** The minimum number of executions. */
	count: number;
	timeoutMs: number;
}

const PAGE_SIZE = 100;
/** The statuses of executions that have ended. */
export const ENDED: ExecutionSummary['status'][] = ['success', 'error', 'crashed', 'canceled'];

interface Page {
	results: ExecutionSummary[];
	count: number;
	/** Null on the last page. */
	nextCursor: string | null;
}

/** n8n's executions. Methods reject with a RestError. */
export class Executions {
	constructor(
		private readonly rest: RestClient,
		private readonly lastLines: () => string,
	) {}

	/**
	 * All matching executions, newest first. With more than 100, n8n may omit some that started out of order. Read
	 * those from `N8n.database`.
	 */
	async list(filter: ExecutionFilter = {}): Promise<ExecutionSummary[]> {
		const all: ExecutionSummary[] = [];
		let cursor: string | null | undefined;
		do {
			const page = await this.page(filter, PAGE_SIZE, cursor);
			all.push(...page.results);
			cursor = page.nextCursor;
		} while (cursor);
		return all;
	}

	/** The number of matching executions. Without a `status`, of those that have ended. */
	async count(filter: ExecutionFilter = {}): Promise<number> {
		return (await this.page({ status: ENDED, ...filter }, 1)).count;
	}

	/** An execution with the data of its nodes. */
	async get(id: string): Promise<Execution> {
		const { data, ...summary } = await this.rest.request<ExecutionSummary & { data: string }>(
			'GET',
			`/executions/${id}`,
		);
		return { ...summary, data: parse(data) as IRunExecutionData };
	}

	/** Retries an execution as "Retry with original workflow" does in the editor. Returns the new execution. */
	async retry(id: string): Promise<ExecutionSummary> {
		const path = `/executions/${id}/retry`;
		return await this.rest.request('POST', path, { loadWorkflow: false });
	}

	/** Waits until enough executions have ended, and returns all that have. */
	async waitFor({ count, timeoutMs, ...filter }: WaitForExecutions): Promise<ExecutionSummary[]> {
		const ended = { status: ENDED, ...filter };
		let found = 0;
		await pollUntil({
			what: `${count} executions${filter.workflowId ? ` of workflow ${filter.workflowId}` : ''}`,
			timeoutMs,
			poll: async () => {
				found = await this.count(ended);
				return found >= count || undefined;
			},
			hint: () => `Found ${found}. ${this.lastLines()}`,
		});
		return await this.list(ended);
	}

	private async page(
		filter: ExecutionFilter,
		limit: number,
		cursor?: string | null,
	): Promise<Page> {
		const query = new URLSearchParams({ filter: JSON.stringify(filter), limit: String(limit) });
		if (cursor) query.set('cursor', cursor);
		return await this.rest.request('GET', `/executions?${query}`);
	}
}

/** The items of one output of a node's last run. Empty if the node did not run. */
export function getOutput(
	execution: Execution,
	nodeName: string,
	output = 0,
): INodeExecutionData[] {
	const run = execution.data.resultData.runData[nodeName]?.at(-1);
	return run?.data?.main?.[output] ?? [];
}
