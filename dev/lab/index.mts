/** The lab: gets a real n8n, boots it with packages installed as a user's would be, and drives it. */
export type { CredentialImport, CredentialTestResult } from './credentials.mts';
export { LabError, PublicationError, RestError } from './errors.mts';
export {
	type Execution,
	type ExecutionFilter,
	type ExecutionSummary,
	outputOf,
	type WaitForExecutions,
} from './executions.mts';
export { installN8n, N8N_VERSION, n8nFolder, type N8nInstallation } from './installation.mts';
export { installMinimumN8n, minimumN8nFolder } from './minimumN8n.mts';
export { type N8n, type N8nOptions, startN8n } from './n8n.mts';
export { packPackage } from './package.mts';
export type { TestListening, Workflow, WorkflowImport, WorkflowNode } from './workflows.mts';
