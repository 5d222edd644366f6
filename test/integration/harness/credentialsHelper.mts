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

/** n8n's own is not in n8n-core; this one signs requests in as the credential does it. */
export function credentialsHelper(read: () => IDataObject) {
	const { authenticate } = new MindPeekerApi();
	if (typeof authenticate !== 'function') throw new Error('The credential signs in by a function');
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

/** As n8n does it: every expression of the credential for the item that is asked for. */
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

/** Without an item, an expression has nothing to read. */
function withoutItem(credential: IDataObject): IDataObject {
	const fields = Object.entries(credential).filter(([, value]) => !String(value).startsWith('='));
	return Object.fromEntries(fields);
}
