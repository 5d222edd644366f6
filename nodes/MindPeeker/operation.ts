import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Item } from './execution/item';

/** What the node can do with a resource: one file each. */
export interface Operation {
	/** Kept in users' workflows. */
	readonly value: string;
	readonly name: string;
	/** The operation with its resource, as the editor lists it among all actions, and an AI agent reads it. */
	readonly action: string;
	/** What it does, as the editor says it beside the name. */
	readonly description: string;
	/** What the user enters. */
	readonly fields: readonly INodeProperties[];
	/** What the user may add under "Options". */
	readonly options?: readonly INodeProperties[];
	/** Where items must not be under way at the same time. */
	readonly isOneAtATime?: boolean;
	/** Where nothing is sent to MindPeeker. */
	readonly isLocal?: boolean;
	/** Carries it out for one item of the input, and gives the data of its output. */
	run(item: Item): Promise<IDataObject | IDataObject[]>;
}

/** What MindPeeker has, with what can be done with it. */
export interface Resource {
	readonly value: string;
	readonly name: string;
	/** The first one is chosen to begin with. */
	readonly operations: readonly [Operation, ...Operation[]];
}
