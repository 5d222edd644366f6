import type { N8n } from '../../lab/index.mts';
import { freePorts } from '../../lab/ports.mts';
import { startEnvironment } from '../../testEnvironment/testEnvironment.mts';
import { createBaselineCandidates, packBaselineTrigger } from './candidates/baseline.mts';
import type { Candidate, CandidateGroup } from './candidates/candidate.mts';
import { createGitHubCandidate } from './candidates/gitHub.mts';
import { createMindPeekerCandidates } from './candidates/mindPeeker.mts';
import { createWebhookCandidates } from './candidates/webhookNode.mts';

/** n8n's settings for evaluating expressions. They decide how much a webhook request costs. */
export const ENGINES = {
	/** Creates a V8 isolate only when an expression is evaluated. */
	lazy: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
	/** Evaluates expressions without an isolate. */
	legacy: { N8N_EXPRESSION_ENGINE: 'legacy' },
	/** Creates a V8 isolate for each webhook request. */
	default: {},
} satisfies Record<string, Record<string, string>>;

export type Engine = keyof typeof ENGINES;

/** One real n8n with the workflows of all candidates published. */
export interface Setup {
	n8n: N8n;
	candidates: Candidate[];
	close(): Promise<void>;
}

export async function startSetup(
	engine: Engine,
	onProgress: (line: string) => void,
): Promise<Setup> {
	const [port = 0] = await freePorts(1);
	const url = `http://127.0.0.1:${port}`; // n8n's GitHub Trigger rejects localhost
	const environment = await startEnvironment({
		onProgress,
		n8n: {
			port,
			editor: false,
			packages: [await packBaselineTrigger()],
			env: { WEBHOOK_URL: `${url}/`, ...ENGINES[engine] },
		},
	});
	const { n8n, simulator } = environment;
	const groups: CandidateGroup[] = [
		createMindPeekerCandidates(simulator),
		createWebhookCandidates(url),
		await createGitHubCandidate(),
		createBaselineCandidates(url),
	];
	const close = async () => {
		await environment.close();
		for (const group of groups) await group.close?.();
	};
	try {
		for (const { candidates, credentials = [] } of groups) {
			await n8n.credentials.import(...credentials);
			for (const { workflow } of candidates) {
				await n8n.workflows.import(workflow);
				await n8n.workflows.publish(workflow.id);
			}
		}
	} catch (error) {
		await close();
		throw error;
	}
	return { n8n, candidates: groups.flatMap(({ candidates }) => candidates), close };
}
