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

/** n8n's store of entries, read, changed and written back without a lock, as n8n does it. */
class EntryStore implements IDataDeduplicator {
	entries: DeduplicationItemTypes[] = [];
	calls = 0;
	/** What the last call asked for. */
	options: { scope?: unknown; mode?: string; maxEntries?: number } = {};
	isFailing = false;
	/** Whether entries can be taken out. */
	isForgetting = true;
	private workflowId?: string;

	/** From now on for one workflow where it is given, so that others, which record in the background, leave nothing. */
	reset(workflowId?: string): void {
		Object.assign(this, {
			entries: [],
			calls: 0,
			isFailing: false,
			isForgetting: true,
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
		const fresh = items.filter((item) => !read.includes(item));
		this.entries = [...read, ...fresh].slice(-maxEntries);
		return { new: fresh, processed: items.filter((item) => read.includes(item)) };
	}

	async checkProcessedItemsAndRecord(): Promise<never> {
		throw new Error('not used');
	}
	async removeProcessed(items: DeduplicationItemTypes[]): Promise<void> {
		if (!this.isForgetting) throw new Error('database is locked');
		this.entries = this.entries.filter((entry) => !items.includes(entry));
	}
	async clearAllProcessedItems(): Promise<never> {
		throw new Error('not used');
	}
	async getProcessedDataCount(): Promise<never> {
		throw new Error('not used');
	}
}

/** The store of n8n-core's contexts, which take one once and for all. */
export const store = new EntryStore();
beforeAll(async () => await DataDeduplicationService.init(store));

/** Runs the trigger's part of an execution, with the items that `webhook()` gave it. */
export async function execute(
	host: TriggerHost,
	executionId: string,
	items: INodeExecutionData[],
	mode: WorkflowExecuteMode = 'webhook',
): Promise<INodeExecutionData[][]> {
	const { workflow, node, additionalData, trigger } = host.forExecution();
	const data: IWorkflowExecuteAdditionalData = { ...additionalData, executionId };
	const runData = { resultData: { runData: {} } } as IRunExecutionData;
	const inputs = { main: [items] };
	const source = { data: inputs, node, source: null };
	const context = host.withLog(
		new ExecuteContext(workflow, node, data, mode, runData, 0, items, inputs, source, []),
	);
	return await trigger.execute.call(context);
}
