import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { pause } from '../../../shared/pause';
import type { Item } from '../../execution/item';
import type { Operation } from '../../operation';
import { callForObject } from '../answer';
import { locateSession, sessionId } from './sessionId';

const MINUTE_MS = 60_000;
const MAX_WAIT_MINUTES = 60;
const POLL_INTERVAL_S = 10;
// As much as n8n itself takes in at a webhook unless told otherwise.
const MAX_RESULTS_BYTES = 16 * 1024 * 1024;
// "failed" is documented, and said to cover those that were cancelled.
const ENDED = /^(failed|cancell?ed)$/i;

const options: INodeProperties[] = [
	{
		displayName: 'Wait Until Completed',
		name: 'waitUntilCompleted',
		type: 'boolean',
		default: true,
		description:
			'Whether to wait for a session that is still under way. A workflow that starts with the event Session Completed need not wait.',
	},
	{
		displayName: 'Wait at Most (Minutes)',
		displayOptions: { show: { waitUntilCompleted: [true] } },
		name: 'maxWait',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: MAX_WAIT_MINUTES,
		description: 'After how many minutes to give up waiting',
	},
	{
		displayName: 'Wait Interval (Seconds)',
		displayOptions: { show: { waitUntilCompleted: [true] } },
		name: 'pollInterval',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: POLL_INTERVAL_S,
		description: 'How many seconds to let pass before the session is looked at again',
	},
];

export const getResults: Operation = {
	value: 'getResults',
	name: 'Get Results',
	action: 'Get session results',
	description: 'Retrieve what a completed session found',
	fields: [sessionId],
	options,
	async run(item) {
		const { waitUntilCompleted = false } = item.collection('options', 'Options');
		if (item.flag(waitUntilCompleted, 'Wait Until Completed')) await completed(item);
		return await resultsOf(item);
	},
};

async function resultsOf(item: Item): Promise<IDataObject> {
	const api = await item.api();
	const { path, subject } = locateSession(item);
	const noResults = {
		message: `The ${subject} has no results`,
		advice:
			'Only a completed session has. Start the workflow with the event Session Completed, or add the option Wait Until Completed.',
	};
	const call = {
		method: 'GET',
		path: `${path}/results`,
		maxBytes: MAX_RESULTS_BYTES,
		subject,
		texts: { 409: noResults },
	} as const;
	return await callForObject(api, call);
}

/** Returns when the session is completed. */
async function completed(item: Item): Promise<void> {
	const api = await item.api();
	const { path, subject } = locateSession(item);
	const options = item.collection('options', 'Options');
	const maxWait = item.number(options.maxWait ?? MAX_WAIT_MINUTES, 'Wait at Most', 0);
	const pollInterval = item.number(options.pollInterval ?? POLL_INTERVAL_S, 'Wait Interval', 1);
	const end = performance.now() + maxWait * MINUTE_MS;
	for (;;) {
		const session = await callForObject(api, { method: 'GET', path, subject });
		const status = typeof session.status === 'string' ? session.status : 'unknown';
		if (status === 'completed' || session.results_available === true) return;
		if (ENDED.test(status)) {
			throw item.refuse(
				`The ${subject} is ${status}, and has no results`,
				'Create another session.',
			);
		}
		const left = end - performance.now();
		if (left <= 0) {
			throw item.refuse(
				`The ${subject} was not completed within ${maxWait} minutes: it is ${api.shown(status)}`,
				'Allow more under Wait at Most, or start the workflow with the event Session Completed.',
			);
		}
		await pause(Math.min(pollInterval * 1_000, left), item.connections.signal);
	}
}
