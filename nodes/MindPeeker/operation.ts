import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Item } from './execution/item';

/** The data of the items that an operation returns. */
export type OperationResult = IDataObject | IDataObject[];

/** Whether doing it twice is the same as doing it once, or creates or sends something a second time. */
export type Writes = 'idempotent' | 'nonIdempotent';

/** What the node can do with a resource: one file each. */
export interface Operation {
	/** Kept in users' workflows. */
	readonly value: string;
	readonly name: string;
	/** The operation with its resource, as the editor lists it among all actions, and an AI agent reads it. */
	readonly action: string;
	/** A sentence that the editor shows next to the name. */
	readonly description: string;
	/** The fields on the screen. */
	readonly fields: readonly INodeProperties[];
	/** The fields that can be added under "Options". */
	readonly options?: readonly INodeProperties[];
	/** Set if items must be processed one after another. */
	readonly isOneAtATime?: boolean;
	/** Set if it makes no request. */
	readonly isLocal?: boolean;
	/** Set if it changes something at MindPeeker. */
	readonly writes?: Writes;
	/** Does it for one item of the input, and returns the data of the output. */
	run(item: Item): Promise<OperationResult>;
}

/** A kind of object at MindPeeker, with its operations. */
export interface Resource {
	readonly value: string;
	readonly name: string;
	/** The first one is chosen to begin with. */
	readonly operations: readonly [Operation, ...Operation[]];
}
