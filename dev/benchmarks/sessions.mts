// How long 500 items of Session: Get take, compared with n8n's HTTP Request node: `npm run bench -- sessions`.
import { parseArgs } from 'node:util';

import { N8N_VERSION, type WorkflowImport, type WorkflowNode } from '../lab/index.mts';
import { CREDENTIAL, startEnvironment } from '../testEnvironment/testEnvironment.mts';
import { formatRange, median, rotate } from './statistics.mts';

const ITEMS = 500;
const API_DELAY_MS = 50;
const CANDIDATE_NODE = 'Candidate';

interface Candidate {
	name: string;
	workflowId: string;
	executions: number;
}

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } });
const rounds = Number(values.rounds);

const environment = await startEnvironment({
	onProgress: (line) => console.log(line),
	simulator: { requestsPerMinute: 10_000_000 },
	n8n: { editor: false, env: { N8N_LOG_LEVEL: 'warn' } },
});
const { n8n, simulator } = environment;
try {
	const sessionId = await createSession();
	const [get, httpRequest, sequential] = await publishCandidates();
	console.log(`n8n ${N8N_VERSION}, ${ITEMS} items, ${rounds} rounds`);
	await compare('API responds immediately', sessionId, [get!, httpRequest!]);
	simulator.faults.add({
		on: 'api',
		kind: 'slow-response',
		delayMs: API_DELAY_MS,
		probability: 1,
	});
	await compare(`API responds after ${API_DELAY_MS} ms`, sessionId, [
		get!,
		httpRequest!,
		sequential!,
	]);
} finally {
	await environment.close();
}

async function createSession(): Promise<string> {
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

/** The first one is the node of this package with its default options. */
async function publishCandidates(): Promise<Candidate[]> {
	const sessionGet = (options: object): Partial<WorkflowNode> => ({
		type: 'n8n-nodes-mindpeeker.mindPeeker',
		typeVersion: 1,
		parameters: { resource: 'session', operation: 'get', sessionId: '={{ $json.id }}', options },
	});
	const nodes: Record<string, Partial<WorkflowNode>> = {
		'Session: Get': sessionGet({}),
		'HTTP Request': {
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: {
				url: `=${simulator.baseUrl}/sessions/{{ $json.id }}`,
				authentication: 'predefinedCredentialType',
				nodeCredentialType: 'mindPeekerApi',
				options: {},
			},
		},
		'Session: Get, batch size 1': sessionGet({
			batching: { batch: { batchSize: 1, batchInterval: 0 } },
		}),
	};
	const candidates: Candidate[] = [];
	for (const [name, node] of Object.entries(nodes)) {
		const workflowId = `candidate-${candidates.length}`;
		await n8n.workflows.import(createWorkflow(workflowId, node));
		await n8n.workflows.publish(workflowId);
		candidates.push({ name, workflowId, executions: 0 });
	}
	return candidates;
}

async function compare(title: string, sessionId: string, candidates: Candidate[]) {
	const times = new Map(candidates.map((candidate): [Candidate, number[]] => [candidate, []]));
	for (const candidate of candidates) await measure(candidate, sessionId); // warm-up
	for (let round = 0; round < rounds; round++) {
		for (const candidate of rotate(candidates, round)) {
			times.get(candidate)!.push(await measure(candidate, sessionId));
		}
	}
	console.log(`\n${title}`);
	const reference = times.get(candidates[0]!)!;
	const rows = candidates.map((candidate) => {
		const candidateTimes = times.get(candidate)!;
		const ratios = candidateTimes.map((time, round) => time / reference[round]!);
		const row = { ms: median(candidateTimes), 'ratio to Session: Get': median(ratios).toFixed(2) };
		return [candidate.name, { ...row, '(min–max)': formatRange(ratios) }];
	});
	console.table(Object.fromEntries(rows));
}

/** Execution time of the candidate's node for all items, in milliseconds, as n8n records it. */
async function measure(candidate: Candidate, sessionId: string): Promise<number> {
	const { name, workflowId } = candidate;
	await fetch(`${n8n.url}/webhook/${workflowId}`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ id: Array.from({ length: ITEMS }, () => sessionId) }),
	});
	const count = ++candidate.executions;
	const [latest] = await n8n.executions.waitFor({ workflowId, count, timeoutMs: 120_000 });
	const { data } = await n8n.executions.get(latest!.id);
	const [run] = data.resultData.runData[CANDIDATE_NODE] ?? [];
	const items = run?.data?.main?.[0] ?? [];
	if (items.length !== ITEMS || items.some(({ json }) => json.session_id !== sessionId)) {
		throw new Error(`${name} did not return all ${ITEMS} sessions`);
	}
	return run!.executionTime;
}

/** Receives a list of ids, splits it into items, and passes them to the candidate. */
function createWorkflow(id: string, node: Partial<WorkflowNode>): WorkflowImport {
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
	const candidate = {
		position: [0, 0],
		credentials: CREDENTIAL,
		...node,
		name: CANDIDATE_NODE,
	} as WorkflowNode;
	const connectTo = (name: string) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });
	return {
		id,
		name: id,
		nodes: [start, split, candidate],
		connections: { Start: connectTo('Items'), Items: connectTo(CANDIDATE_NODE) },
	};
}
