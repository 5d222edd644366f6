import type { IDataObject, INodeProperties, IParameterBuilderHint } from 'n8n-workflow';

import type { Item } from './execution/item';

/** How many items run at the same time, unless the user sets Items per Batch. */
export const DEFAULT_CONCURRENCY = 50;

/** The `json` of the output items. */
export type OperationResult = IDataObject | IDataObject[];

/** Whether repeating an operation is harmless, or creates or sends something a second time. */
export type SideEffect = 'idempotent' | 'nonIdempotent';

/** One operation of a resource. Each has a file of its own. */
export interface Operation {
	/** Stored in users' workflows. */
	readonly value: string;
	readonly name: string;
	/** The name in the editor's list of actions, and the description that an AI agent reads. */
	readonly action: string;
	/** The editor shows this sentence below the name. */
	readonly description: string;
	/** When to choose it, for n8n's AI workflow builder. */
	readonly builderHint?: IParameterBuilderHint;
	readonly fields: readonly INodeProperties[];
	/** The fields that users can add under "Options". */
	readonly options?: readonly INodeProperties[];
	/** Set if items must run one after another. */
	readonly sequential?: boolean;
	/** Set if the operation sends no request. */
	readonly offline?: boolean;
	/** Set if the operation changes something at MindPeeker. */
	readonly sideEffect?: SideEffect;
	run(item: Item): Promise<OperationResult>;
}

/** A kind of object at MindPeeker, with its operations. */
export interface Resource {
	readonly value: string;
	readonly name: string;
	/** The first one is the default. */
	readonly operations: readonly [Operation, ...Operation[]];
}
