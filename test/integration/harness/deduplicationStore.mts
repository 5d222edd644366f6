import { beforeAll } from '@jest/globals';
import { DataDeduplicationService, ExecuteContext } from 'n8n-core';
import type {
	DeduplicationItemTypes,
	ICheckProcessedContextData,
	IDataDeduplicator,
	IDeduplicationOutput,
	INodeExecutionData,
	IRunExecutionData,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import type { TriggerHost } from './triggerHost.mts';

/** A store of entries that reads, changes and writes without a lock, as n8n's own does. */
class DeduplicationStore implements IDataDeduplicator {
	entries: DeduplicationItemTypes[] = [];
	calls = 0;
	/** The options of the last call. */
	options: { scope?: unknown; mode?: string; maxEntries?: number } = {};
	isFailing = false;
	canRemove = true;
	private workflowId?: string;

	/** With a workflow ID, ignores other workflows, which may still write in the background. */
	reset(workflowId?: string): void {
		Object.assign(this, {
			entries: [],
			calls: 0,
			isFailing: false,
			canRemove: true,
			workflowId,
		});
	}

	async checkProcessedAndRecord(
		items: DeduplicationItemTypes[],
		scope: unknown,
		{ workflow }: ICheckProcessedContextData,
		{ mode, maxEntries = Infinity }: { mode?: string; maxEntries?: number },
	): Promise<IDeduplicationOutput> {
		if ((this.workflowId ?? workflow.id) !== workflow.id) return { new: items, processed: [] };
		this.calls++;
		this.options = { scope, mode, maxEntries };
		if (this.isFailing) throw new Error('database is locked');
		const read = [...this.entries];
		await new Promise((resolve) => setTimeout(resolve, 5));
		const added = items.filter((item) => !read.includes(item));
		this.entries = [...read, ...added].slice(-maxEntries);
		return { new: added, processed: items.filter((item) => read.includes(item)) };
	}

	async checkProcessedItemsAndRecord(): Promise<never> {
		throw new Error('not used');
	}
	async removeProcessed(items: DeduplicationItemTypes[]): Promise<void> {
		if (!this.canRemove) throw new Error('database is locked');
		this.entries = this.entries.filter((entry) => !items.includes(entry));
	}
	async clearAllProcessedItems(): Promise<never> {
		throw new Error('not used');
	}
	async getProcessedDataCount(): Promise<never> {
		throw new Error('not used');
	}
}

/** n8n-core accepts a store only once, so all tests of a file share it. */
export const store = new DeduplicationStore();
beforeAll(async () => await DataDeduplicationService.init(store));

/** Runs the trigger node of an execution with the items that `webhook()` returned. */
export async function executeTrigger(
	host: TriggerHost,
	executionId: string,
	items: INodeExecutionData[],
	mode: WorkflowExecuteMode = 'webhook',
): Promise<INodeExecutionData[][]> {
	const { workflow, node, additionalData, trigger } = host.createExecutionContext();
	const data: IWorkflowExecuteAdditionalData = { ...additionalData, executionId };
	const runData = { resultData: { runData: {} } } as IRunExecutionData;
	const inputs = { main: [items] };
	const source = { data: inputs, node, source: null };
	const context = host.withLog(
		new ExecuteContext(workflow, node, data, mode, runData, 0, items, inputs, source, []),
	);
	return await trigger.execute.call(context);
}
