import { getOutput, type WorkflowImport } from '../../../dev/lab/index.mts';
import type { QueueEnvironment } from '../../../dev/testEnvironment/queueEnvironment.mts';
import { TRIGGER_NODE } from '../../../dev/testEnvironment/triggerWorkflow.mts';

const TIMEOUT_MS = 60_000;

export interface ReceivedTestEvent {
	/** The types of the events at the trigger's first and second output. */
	outputs: unknown[][];
	executedNodes: string[];
	hasRunOnWorker: boolean;
	/** The status of the response to MindPeeker. */
	responseStatus: number | null | undefined;
	/** Whether MindPeeker got the response after the workflow had ended. */
	hasWaitedForWorkflow: boolean;
}

/**
 * Listens for a test event as the editor does. Without a type, the trigger requests a sample event from MindPeeker.
 */
export async function receiveTestEvent(
	{ n8n: { main, workers }, simulator }: QueueEnvironment,
	workflow: WorkflowImport & { id: string },
	type?: string,
): Promise<ReceivedTestEvent> {
	await main.workflows.import(workflow);
	const listening = await main.workflows.listenForTestEvent(workflow.id, TRIGGER_NODE);
	if (type) simulator.emit(type);
	const execution = await listening.received(TIMEOUT_MS);
	const isTestDelivery = ({ url }: { url: string }) =>
		url.includes('/webhook-test/') && url.includes(`/${workflow.id}-`);
	const { attempts } = await simulator.waitForDelivery(isTestDelivery, { timeoutMs: TIMEOUT_MS });
	const [{ status, endedAt }] = attempts as [(typeof attempts)[0]];
	return {
		outputs: [0, 1].map((output) =>
			getOutput(execution, TRIGGER_NODE, output).map(({ json }) => json.type),
		),
		executedNodes: Object.keys(execution.data.resultData.runData),
		hasRunOnWorker: workers.some(({ process }) =>
			process.log.some((line) => line.includes(`Worker started execution ${execution.id} `)),
		),
		responseStatus: status,
		hasWaitedForWorkflow: Date.parse(endedAt!) >= Date.parse(execution.stoppedAt!),
	};
}
