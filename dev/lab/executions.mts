import { parse } from 'flatted';
import type { INodeExecutionData, IRunExecutionData } from 'n8n-workflow';
import type { Rest } from './rest.mts';
import { waitFor } from './wait.mts';

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

/** Without `status`: executions that have ended. */
export interface WaitForExecutions extends ExecutionFilter {
	/** How many of them have to be there. */
	count: number;
	timeoutMs: number;
}

const PAGE = 100;
/** The states that an execution ends in. */
export const ENDED: ExecutionSummary['status'][] = ['success', 'error', 'crashed', 'canceled'];

interface Page {
	results: ExecutionSummary[];
	count: number;
	/** Leads to the next page; null at the last one. */
	nextCursor: string | null;
}

/** n8n's executions. Methods reject with a RestError where n8n refuses. */
export class Executions {
	constructor(
		private readonly rest: Rest,
		private readonly lastLines: () => string,
	) {}

	/**
	 * All executions that fit, the newest first. Beyond 100, n8n leaves some out that started in another order
	 * than they came in; `N8n.database` has all of them.
	 */
	async list(filter: ExecutionFilter = {}): Promise<ExecutionSummary[]> {
		const all: ExecutionSummary[] = [];
		let cursor: string | null | undefined;
		do {
			const page = await this.page(filter, PAGE, cursor);
			all.push(...page.results);
			cursor = page.nextCursor;
		} while (cursor);
		return all;
	}

	/** How many fit; those that have ended where no status is asked for. Costs n8n little. */
	async count(filter: ExecutionFilter = {}): Promise<number> {
		return (await this.page({ status: ENDED, ...filter }, 1)).count;
	}

	/** One execution with what its nodes did. */
	async get(id: string): Promise<Execution> {
		const { data, ...summary } = await this.rest.request<ExecutionSummary & { data: string }>(
			'GET',
			`/executions/${id}`,
		);
		return { ...summary, data: parse(data) as IRunExecutionData };
	}

	/** Runs an execution again as the editor's "Retry with original workflow" does, and gives the new one. */
	async retry(id: string): Promise<ExecutionSummary> {
		const path = `/executions/${id}/retry`;
		return await this.rest.request('POST', path, { loadWorkflow: false });
	}

	/** Waits until enough executions have ended, well or not, and gives all that have by then. */
	async waitFor({ count, timeoutMs, ...filter }: WaitForExecutions): Promise<ExecutionSummary[]> {
		const ended = { status: ENDED, ...filter };
		let found = 0;
		await waitFor({
			what: `${count} executions${filter.workflowId ? ` of workflow ${filter.workflowId}` : ''}`,
			timeoutMs,
			poll: async () => {
				found = await this.count(ended);
				return found >= count || undefined;
			},
			hint: () => `There were ${found}. ${this.lastLines()}`,
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

/** The items that a node gave in its last run, at one of its outputs; none where it did not run. */
export function outputOf(execution: Execution, nodeName: string, output = 0): INodeExecutionData[] {
	const run = execution.data.resultData.runData[nodeName]?.at(-1);
	return run?.data?.main?.[output] ?? [];
}
