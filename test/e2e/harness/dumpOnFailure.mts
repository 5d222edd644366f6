import { onFailure } from '../../support/jest.mts';

import type { Delivery } from '../../../simulator/index.mts';
import type { Stage } from '../../../dev/testEnvironment/stage.mts';

const LINES = 40;

/** Prints the latest deliveries, API calls and log lines after each failed test of the file. */
export function dumpOnFailure(stage: () => Stage | undefined): void {
	onFailure((startedAt) => {
		const running = stage();
		if (running) console.error(dump(running, startedAt));
	});
}

function dump({ n8n, simulator }: Stage, startedAt: string): string {
	const calls = simulator.requests().map(({ at, method, path, status }) => {
		return `${at} ${method} ${path} ${status}`;
	});
	return [
		`The test began at ${startedAt}. The last deliveries:`,
		...simulator.deliveries().slice(-LINES).map(lineOf),
		'The last calls of the API:',
		...calls.slice(-LINES),
		"The end of n8n's log:",
		...n8n.log.slice(-LINES),
	].join('\n');
}

function lineOf({ createdAt, eventType, url, state, attempts }: Delivery): string {
	const answers = attempts.map(({ endedAt, status, error }) => `${endedAt} ${error ?? status}`);
	return `${createdAt} ${eventType} to ${url}: ${state} (${answers.join(', ')})`;
}
