import { onFailure } from '../../support/jest.mts';

import type { Delivery } from '../../../simulator/index.mts';
import type { TestEnvironment } from '../../../dev/testEnvironment/testEnvironment.mts';

const LINES = 40;

/** Prints the latest deliveries, API requests and log lines after each failed test of the file. */
export function dumpOnFailure(getEnvironment: () => TestEnvironment | undefined): void {
	onFailure((startedAt) => {
		const environment = getEnvironment();
		if (environment) console.error(formatDump(environment, startedAt));
	});
}

function formatDump({ n8n, simulator }: TestEnvironment, startedAt: string): string {
	const requests = simulator.requests().map(({ at, method, path, status }) => {
		return `${at} ${method} ${path} ${status}`;
	});
	return [
		`The test started at ${startedAt}. The last deliveries:`,
		...simulator.deliveries().slice(-LINES).map(formatDelivery),
		'The last API requests:',
		...requests.slice(-LINES),
		"The end of n8n's log:",
		...n8n.log.slice(-LINES),
	].join('\n');
}

function formatDelivery({ createdAt, eventType, url, state, attempts }: Delivery): string {
	const results = attempts.map(({ endedAt, status, error }) => `${endedAt} ${error ?? status}`);
	return `${createdAt} ${eventType} to ${url}: ${state} (${results.join(', ')})`;
}
