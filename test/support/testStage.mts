import { setStage, type Stage, type StageOptions } from '../../dev/testEnvironment/stage.mts';

/** Parts of n8n that have nothing to do with these nodes, and take a third of the time that it needs to start. */
const DISABLED_MODULES = [
	'agent-evals',
	'agents',
	'breaking-changes',
	'chat-hub',
	'external-secrets',
	'insights',
	'instance-ai',
	'mcp',
	'mcp-registry',
	'source-control',
	'workflow-builder',
].join();

/**
 * As `setStage`, with an n8n that starts quickly: without its editor and some of its modules, and with V8 isolates for
 * expressions only when an expression needs one.
 */
export async function setTestStage(options: StageOptions = {}): Promise<Stage> {
	const env = {
		N8N_DISABLED_MODULES: DISABLED_MODULES,
		N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
		...options.n8n?.env,
	};
	return await setStage({ ...options, n8n: { editor: false, ...options.n8n, env } });
}
