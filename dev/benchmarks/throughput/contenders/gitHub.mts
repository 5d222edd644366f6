import { createHmac } from 'node:crypto';
import express, { type Express } from 'express';

import { LocalServer } from '../../../../test/support/localServer.mts';
import type { Delivery } from '../../load.mts';
import { chain, withWrongSignature, type Group } from './contender.mts';

interface Hook {
	url: string;
	secret: string;
}

/** As much of GitHub's API as a trigger needs to register. */
class GitHub extends LocalServer {
	hook?: Hook;

	protected app(): Express {
		const app = express().use(express.json());
		app.post('/repos/:owner/:repository/hooks', (request, response) => {
			this.hook = (request.body as { config: Hook }).config;
			response.status(201).json({ id: 1, active: true, events: ['push'] });
		});
		app.delete('/repos/:owner/:repository/hooks/:id', (_request, response) => {
			response.status(204).end();
		});
		return app;
	}
}

/** n8n's own GitHub trigger, which verifies as ours does; its pushes are as small as our events. */
export async function gitHubTrigger(): Promise<Group> {
	const gitHub = new GitHub();
	await gitHub.start();
	const delivery = (eventId: string): Delivery => {
		const body = Buffer.from(
			JSON.stringify({ ref: 'refs/heads/main', after: eventId, commits: [], forced: false }),
		);
		const digest = createHmac('sha256', gitHub.hook!.secret).update(body).digest('hex');
		return {
			body,
			headers: { 'X-GitHub-Event': 'push', 'X-Hub-Signature-256': `sha256=${digest}` },
		};
	};
	const data = { server: gitHub.origin, user: 'somebody', accessToken: 'a-token' };
	const trigger = {
		id: 'github-trigger',
		name: 'GitHub Trigger',
		type: 'n8n-nodes-base.githubTrigger',
		typeVersion: 1,
		webhookId: 'github-webhook',
		parameters: {
			owner: { __rl: true, mode: 'list', value: 'somebody' },
			repository: { __rl: true, mode: 'list', value: 'something' },
			events: ['push'],
			options: {},
		},
		credentials: { githubApi: { id: 'github', name: 'GitHub' } },
	};
	return {
		credentials: [{ id: 'github', name: 'GitHub', type: 'githubApi', data }],
		contenders: [
			{
				name: 'GitHub trigger',
				workflow: chain('github', [trigger]),
				url: () => gitHub.hook!.url,
				delivery,
				forged: (eventId) => withWrongSignature(delivery(eventId)),
				refusal: { status: 401, startsExecution: false },
			},
		],
		close: async () => await gitHub.stop(),
	};
}
