import express, { type Express } from 'express';

import { LocalServer } from './localServer.mts';

interface Tool {
	function: { name: string; description: string; parameters: object };
}
interface Message {
	role: string;
	content: unknown;
}

/** A chat model that calls the first tool it is offered, and then says that it is done. */
export class ChatModel extends LocalServer {
	/** The arguments of each call of the tool. */
	calls: object[] = [{}];
	/** What it was offered. */
	tools: Tool['function'][] = [];
	/** What the tool answered. */
	answers: unknown[] = [];

	protected app(): Express {
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
			const answered = messages.filter(({ role }) => role === 'tool');
			this.tools = tools.map((tool) => tool.function);
			this.answers.push(...answered.map(({ content }) => content));
			const isDone = answered.length > 0;
			response.json({
				id: 'chatcmpl-1',
				object: 'chat.completion',
				created: 0,
				model,
				choices: [
					{
						index: 0,
						finish_reason: isDone ? 'stop' : 'tool_calls',
						message: isDone ? { role: 'assistant', content: 'Done' } : this.callsOfFirstTool(),
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

	private callsOfFirstTool() {
		const toolCalls = this.calls.map((values, index) => ({
			id: `call_${index}`,
			type: 'function',
			function: { name: this.tools[0]?.name, arguments: JSON.stringify(values) },
		}));
		return { role: 'assistant', content: null, tool_calls: toolCalls };
	}
}
