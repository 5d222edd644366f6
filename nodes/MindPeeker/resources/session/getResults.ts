import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { sleep } from '../../../shared/api/retryPolicy';
import { MINUTE_MS, SECOND_MS } from '../../../shared/time';
import type { Item } from '../../execution/item';
import type { Operation } from '../../operation';
import { locateSession, sessionId } from './get';

const MAX_WAIT_MINUTES = 60;
const POLL_INTERVAL_S = 10;
// n8n's default limit for the body of a webhook request.
const MAX_RESULTS_BYTES = 16 * 1024 * 1024;
// Only "failed" is documented. It includes cancelled sessions.
const FAILED_STATUS = /^(failed|cancell?ed)$/i;

const options: INodeProperties[] = [
	{
		displayName: 'Wait Until Completed',
		name: 'waitUntilCompleted',
		type: 'boolean',
		default: true,
		description:
			'Whether to wait until the session is completed. Not needed in a workflow that starts with the event Session Completed.',
		builderHint: {
			propertyHint:
				'If omitted, it is false: the node fails if the session is not completed. Set it to true after the operation create.',
		},
	},
	{
		displayName: 'Wait at Most (Minutes)',
		displayOptions: { show: { waitUntilCompleted: [true] } },
		name: 'maxWait',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: MAX_WAIT_MINUTES,
		description: 'The maximum time to wait for the session, in minutes',
	},
	{
		displayName: 'Wait Interval (Seconds)',
		displayOptions: { show: { waitUntilCompleted: [true] } },
		name: 'pollInterval',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: POLL_INTERVAL_S,
		description: 'The time between two checks of the session, in seconds',
	},
];

export const getSessionResults: Operation = {
	value: 'getResults',
	name: 'Get Results',
	action: 'Get session results',
	description: 'Retrieve the results of a completed session',
	builderHint: {
		propertyHint: 'The event session.completed has the results in data already.',
	},
	fields: [sessionId],
	options,
	async run(item) {
		const { waitUntilCompleted = false } = item.readCollection('options', 'Options');
		if (item.readBoolean(waitUntilCompleted, 'Wait Until Completed')) await waitForSession(item);
		return await requestResults(item);
	},
};

async function requestResults(item: Item): Promise<IDataObject> {
	const account = await item.getAccount();
	const { path, subject } = locateSession(item);
	const notCompleted = {
		message: `The ${subject} has no results`,
		hint: 'Only a completed session has results. Start the workflow with the event Session Completed, or add the option Wait Until Completed.',
	};
	return await account.requestObject({
		method: 'GET',
		path: `${path}/results`,
		maxBytes: MAX_RESULTS_BYTES,
		subject,
		errorTexts: { 409: notCompleted },
	});
}

/** @throws {NodeOperationError} if the session failed, or was not completed in time */
async function waitForSession(item: Item): Promise<void> {
	const account = await item.getAccount();
	const { path, subject } = locateSession(item);
	const options = item.readCollection('options', 'Options');
	const maxWait = item.readNumber(options.maxWait ?? MAX_WAIT_MINUTES, 'Wait at Most', 0);
	const pollInterval = item.readNumber(options.pollInterval ?? POLL_INTERVAL_S, 'Wait Interval', 1);
	const deadline = performance.now() + maxWait * MINUTE_MS;
	for (;;) {
		const session = await account.requestObject({ method: 'GET', path, subject });
		const status = typeof session.status === 'string' ? session.status : 'unknown';
		if (status === 'completed' || session.results_available === true) return;
		if (FAILED_STATUS.test(status)) {
			throw item.createError(
				`The ${subject} is ${status}, and has no results`,
				'Create another session.',
			);
		}
		const remainingMs = deadline - performance.now();
		if (remainingMs <= 0) {
			throw item.createError(
				`The ${subject} was not completed within ${maxWait} minutes: it is ${account.api.toDisplay(status)}`,
				'Increase Wait at Most, or start the workflow with the event Session Completed.',
			);
		}
		await sleep(Math.min(pollInterval * SECOND_MS, remainingMs), item.accounts.signal);
	}
}
