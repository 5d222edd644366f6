import { beforeEach } from 'vitest';

import type { Delivery } from '../../../simulator/index.mts';
import type { Stage } from '../../../stage/stage.mts';

const LINES = 40;

/** Has each test of the file that fails say what went on between n8n and the simulator until then. */
export function tellIfFailed(stage: () => Stage | undefined): void {
	beforeEach(({ onTestFailed }) => {
		const began = new Date().toISOString();
		onTestFailed(() => {
			const seen = stage();
			if (seen) console.error(storyOf(seen, began));
		});
	});
}

function storyOf({ n8n, simulator }: Stage, began: string): string {
	const calls = simulator.requests().map(({ at, method, path, status }) => {
		return `${at} ${method} ${path} ${status}`;
	});
	return [
		`The test began at ${began}. The last deliveries:`,
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
