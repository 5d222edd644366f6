/** Installs, starts and controls a real n8n with community packages. */
export type { CredentialImport, CredentialTestResult } from './credentials.mts';
export { LabError, PublishError, RestError } from './errors.mts';
export {
	type Execution,
	type ExecutionFilter,
	type ExecutionSummary,
	getOutput,
	type WaitForExecutions,
} from './executions.mts';
export { installN8n, getN8nFolder, type N8nInstallation } from './installN8n.mts';
export { installMinimumN8n, getMinimumN8nFolder } from './installMinimumN8n.mts';
export { type N8n, type N8nOptions, startN8n } from './n8n.mts';
export { N8N_1, N8N_VERSION, type Release } from './releases.mts';
export { packPackage } from './installPackage.mts';
export type { TestListener, Workflow, WorkflowImport, WorkflowNode } from './workflows.mts';
