// 500 items of Session: Get beside n8n's HTTP Request node, in one real n8n: `npm run bench -- sessions`.
import { parseArgs } from 'node:util';

import { CREDENTIAL, setStage, type Stage } from '../testEnvironment/stage.mts';
import { N8N_VERSION, type WorkflowImport, type WorkflowNode } from '../lab/index.mts';
import { median, spread } from './statistics.mts';

const ITEMS = 500;
const SLOW_MS = 50;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } });
const rounds = Number(values.rounds);

const batching = (batchSize: number) => ({ batching: { batch: { batchSize, batchInterval: 0 } } });
const get = (options: object): Partial<WorkflowNode> => ({
	type: 'n8n-nodes-mindpeeker.mindPeeker',
	typeVersion: 1,
	parameters: { resource: 'session', operation: 'get', sessionId: '={{ $json.id }}', options },
});
const contenders = (baseUrl: string): Record<string, Partial<WorkflowNode>> => ({
	'Session: Get': get({}),
	'HTTP Request': {
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			url: `=${baseUrl}/sessions/{{ $json.id }}`,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'mindPeekerApi',
			options: {},
		},
	},
	'one after another': get(batching(1)),
});

const stage = await setStage({
	onProgress: (line) => console.log(line),
	simulator: { requestsPerMinute: 10_000_000 },
	n8n: { editor: false, env: { N8N_LOG_LEVEL: 'warn' } },
});
try {
	const names = Object.keys(contenders(''));
	const sessionId = await createSession(stage);
	for (const [index, node] of Object.values(contenders(stage.simulator.baseUrl)).entries()) {
		await stage.n8n.workflows.import(workflowOf(`bench-${index}`, node));
		await stage.n8n.workflows.publish(`bench-${index}`);
	}
	const done = names.map(() => 0);

	/** How long the node took for all items, in milliseconds, as n8n has it. */
	const run = async (index: number): Promise<number> => {
		const id = `bench-${index}`;
		await fetch(`${stage.n8n.url}/webhook/${id}`, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ id: Array.from({ length: ITEMS }, () => sessionId) }),
		});
		done[index] = (done[index] ?? 0) + 1;
		const ended = { workflowId: id, count: done[index], timeoutMs: 120_000 };
		const [latest] = await stage.n8n.executions.waitFor(ended);
		const { data } = await stage.n8n.executions.get(latest!.id);
		const [ran] = data.resultData.runData.Contender ?? [];
		const output = ran?.data?.main?.[0] ?? [];
		if (output.length !== ITEMS || output.some(({ json }) => json.session_id !== sessionId)) {
			throw new Error(`${names[index]} did not get all ${ITEMS} sessions`);
		}
		return ran!.executionTime;
	};

	console.log(`n8n ${N8N_VERSION}, ${ITEMS} items, ${rounds} rounds in turn`);
	await compare('at once', [0, 1], run);
	stage.simulator.faults.add({
		on: 'api',
		kind: 'slow-answer',
		delayMs: SLOW_MS,
		probability: 1,
	});
	await compare(`after ${SLOW_MS} ms`, [0, 1, 2], run);

	async function compare(answers: string, indices: number[], measure: typeof run) {
		const times = names.map((): number[] => []);
		for (const index of indices) await measure(index);
		for (let round = 0; round < rounds; round++) {
			const first = round % indices.length;
			const order = [...indices.slice(first), ...indices.slice(0, first)];
			for (const index of order) times[index]!.push(await measure(index));
		}
		console.log(`\nthe service answers ${answers}`);
		const rows = indices.map((index) => {
			const ratios = times[index]!.map((time, round) => time / times[0]![round]!);
			const row = { ms: median(times[index]!), 'times ours': median(ratios).toFixed(2) };
			return [names[index], { ...row, '(min–max)': spread(ratios) }];
		});
		console.table(Object.fromEntries(rows));
	}
} finally {
	await stage.close();
}

async function createSession({ simulator }: Stage): Promise<string> {
	const response = await fetch(`${simulator.baseUrl}/sessions`, {
		method: 'POST',
		headers: {
			Authorization: `Bearer ${simulator.apiKey}`,
			'Content-Type': 'application/json',
		},
		body: JSON.stringify({ type: 'dowsing', target: 'A well' }),
	});
	return ((await response.json()) as { session_id: string }).session_id;
}

/** Takes a list of ids in, makes an item of each, and hands them to the node. */
function workflowOf(id: string, node: Partial<WorkflowNode>): WorkflowImport {
	const start: WorkflowNode = {
		name: 'Start',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		position: [0, 0],
		webhookId: id,
		parameters: { httpMethod: 'POST', path: id },
	};
	const split: WorkflowNode = {
		name: 'Items',
		type: 'n8n-nodes-base.splitOut',
		typeVersion: 1,
		position: [0, 0],
		parameters: { fieldToSplitOut: 'body.id', options: { destinationFieldName: 'id' } },
	};
	const contender = {
		position: [0, 0],
		credentials: CREDENTIAL,
		...node,
		name: 'Contender',
	} as WorkflowNode;
	const to = (name: string) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });
	return {
		id,
		name: id,
		nodes: [start, split, contender],
		connections: { Start: to('Items'), Items: to('Contender') },
	};
}
