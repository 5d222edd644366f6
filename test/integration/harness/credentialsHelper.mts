import type {
	ICredentialDataDecryptedObject,
	ICredentialsExpressionResolveValues,
	IDataObject,
	IExecuteData,
	IHttpRequestOptions,
	INodeParameters,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { MindPeekerApi } from '../../../credentials/MindPeekerApi.credentials.ts';

/** Replaces n8n's helper, which is not part of n8n-core. Uses the credential's own authentication. */
export function credentialsHelper(read: () => IDataObject) {
	const { authenticate } = new MindPeekerApi();
	if (typeof authenticate !== 'function')
		throw new Error('The credential must authenticate with a function');
	return {
		getParentTypes: () => [],
		getCredentialsProperties: () => [],
		isCredentialUsableByNode: async () => true,
		preAuthentication: async () => undefined,
		getDecrypted: async (
			_additionalData: unknown,
			_node: unknown,
			_type: string,
			mode: WorkflowExecuteMode,
			executeData?: IExecuteData,
			_raw?: boolean,
			item?: ICredentialsExpressionResolveValues,
		) => (item ? evaluate(read(), mode, executeData, item) : withoutItem(read())),
		authenticate: async (
			credential: ICredentialDataDecryptedObject,
			_type: string,
			request: IHttpRequestOptions,
		) => await authenticate(credential, request),
	};
}

/** Evaluates the expressions of the credential for an item, as n8n does. */
function evaluate(
	credential: IDataObject,
	mode: WorkflowExecuteMode,
	executeData: IExecuteData | undefined,
	{
		workflow,
		runExecutionData,
		runIndex,
		itemIndex,
		node,
		connectionInputData,
	}: ICredentialsExpressionResolveValues,
): IDataObject {
	return workflow.expression.getParameterValue(
		credential as INodeParameters,
		runExecutionData,
		runIndex,
		itemIndex,
		node.name,
		connectionInputData,
		mode,
		{},
		executeData,
	) as IDataObject;
}

/** Without an item, expressions cannot be evaluated. */
function withoutItem(credential: IDataObject): IDataObject {
	const fields = Object.entries(credential).filter(([, value]) => !String(value).startsWith('='));
	return Object.fromEntries(fields);
}
