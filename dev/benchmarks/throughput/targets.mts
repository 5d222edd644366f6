import type { Engine } from './engines.mts';

/** How many times as many events a second ours has to do as another, at least. */
export interface Target {
	ours: string;
	peer: string;
	atLeast: number;
	concurrency: number;
	/** All of them where missing. */
	engine?: Engine;
}

const SMALLEST = 'smallest trigger';
/** What n8n lets a trigger that has a credential reach. */
const WITH_CREDENTIAL = 'smallest with a credential';
const LAZY = 'lazy';

export const TARGETS: Target[] = [
	{ ours: 'memory', peer: SMALLEST, atLeast: 0.97, concurrency: 8 },
	{ ours: 'durable', peer: SMALLEST, atLeast: 0.95, concurrency: 8 },
	{ ours: 'memory', peer: WITH_CREDENTIAL, atLeast: 0.97, concurrency: 8 },
	{ ours: 'durable', peer: WITH_CREDENTIAL, atLeast: 0.95, concurrency: 8 },
	{ ours: 'durable', peer: 'built by hand', atLeast: 3.5, concurrency: 8, engine: LAZY },
	{ ours: 'durable', peer: 'built by hand', atLeast: 1.2, concurrency: 8, engine: 'legacy' },
	{ ours: 'batches of 50', peer: 'built by hand', atLeast: 8, concurrency: 64, engine: LAZY },
	{ ours: 'durable', peer: 'Webhook node', atLeast: 1, concurrency: 8, engine: LAZY },
	{ ours: 'batches of 50', peer: 'Webhook node', atLeast: 3, concurrency: 64, engine: LAZY },
	{ ours: 'memory', peer: 'GitHub trigger', atLeast: 1, concurrency: 8 },
	{ ours: 'durable', peer: 'GitHub trigger', atLeast: 0.95, concurrency: 8 },
];
