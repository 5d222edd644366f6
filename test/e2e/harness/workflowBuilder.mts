import type { N8n } from '../../../dev/lab/index.mts';

/** The tools of n8n's AI workflow builder, as n8n's MCP server offers them to a model. */
export class WorkflowBuilder {
	private constructor(
		private readonly url: string,
		private readonly apiKey: string,
	) {}

	static async connect({ rest, url }: N8n): Promise<WorkflowBuilder> {
		await rest.request('PATCH', '/mcp/settings', { mcpAccessEnabled: true });
		const { apiKey } = await rest.request<{ apiKey: string }>('GET', '/mcp/api-key');
		return new WorkflowBuilder(url, apiKey);
	}

	/** Returns the text that the model reads. */
	async call(name: string, args: object): Promise<string> {
		const response = await fetch(`${this.url}/mcp-server/http`, {
			method: 'POST',
			headers: {
				authorization: `Bearer ${this.apiKey}`,
				'content-type': 'application/json',
				accept: 'application/json, text/event-stream',
			},
			body: JSON.stringify({
				...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
				params: { name, arguments: args },
			}),
		});
		const text = await response.text();
		const [, data = text] = /^data: (.*)$/m.exec(text) ?? [];
		const { result } = JSON.parse(data) as { result?: { content: Array<{ text: string }> } };
		if (!result) throw new Error(`${name}: ${data}`);
		return result.content.map((part) => part.text).join('\n');
	}
}
