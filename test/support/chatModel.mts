import express, { type Express } from 'express';

import { LocalServer } from '../../dev/testEnvironment/localServer.mts';

interface Tool {
	function: { name: string; description: string; parameters: object };
}
interface Message {
	role: string;
	content: unknown;
}

/** A chat model with OpenAI's API. It calls the first tool of a request and then finishes. */
export class ChatModel extends LocalServer {
	/** The arguments of each tool call to make. */
	toolCalls: object[] = [{}];
	/** The tools of the last request. */
	tools: Tool['function'][] = [];
	/** The responses of the tool. */
	toolResponses: unknown[] = [];

	protected createApp(): Express {
		const app = express().use(express.json({ limit: '10mb' }));
		app.post('/v1/chat/completions', (request, response) => {
			const {
				tools = [],
				messages,
				model,
			} = request.body as {
				tools?: Tool[];
				messages: Message[];
				model: string;
			};
			const responses = messages.filter(({ role }) => role === 'tool');
			this.tools = tools.map((tool) => tool.function);
			this.toolResponses.push(...responses.map(({ content }) => content));
			const isDone = responses.length > 0;
			response.json({
				id: 'chatcmpl-1',
				object: 'chat.completion',
				created: 0,
				model,
				choices: [
					{
						index: 0,
						finish_reason: isDone ? 'stop' : 'tool_calls',
						message: isDone ? { role: 'assistant', content: 'Done' } : this.callFirstTool(),
					},
				],
				usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
			});
		});
		return app;
	}

	get url(): string {
		return `${this.origin}/v1`;
	}

	private callFirstTool() {
		const toolCalls = this.toolCalls.map((values, index) => ({
			id: `call_${index}`,
			type: 'function',
			function: { name: this.tools[0]?.name, arguments: JSON.stringify(values) },
		}));
		return { role: 'assistant', content: null, tool_calls: toolCalls };
	}
}
