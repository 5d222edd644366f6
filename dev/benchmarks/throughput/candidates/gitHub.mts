import { createHmac } from 'node:crypto';
import express, { type Express } from 'express';

import { LocalServer } from '../../../testEnvironment/localServer.mts';
import type { Delivery } from '../../load.mts';
import { createWorkflow, forge, type CandidateGroup } from './candidate.mts';

interface Hook {
	url: string;
	secret: string;
}

/** The part of GitHub's API that the trigger needs for its registration. */
class GitHub extends LocalServer {
	hook?: Hook;

	protected createApp(): Express {
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

/** n8n's GitHub Trigger, which also verifies signatures. Its events are as small as MindPeeker's. */
export async function createGitHubCandidate(): Promise<CandidateGroup> {
	const gitHub = new GitHub();
	await gitHub.start();
	const createDelivery = (eventId: string): Delivery => {
		const body = Buffer.from(
			JSON.stringify({ ref: 'refs/heads/main', after: eventId, commits: [], forced: false }),
		);
		const digest = createHmac('sha256', gitHub.hook!.secret).update(body).digest('hex');
		return {
			body,
			headers: { 'X-GitHub-Event': 'push', 'X-Hub-Signature-256': `sha256=${digest}` },
		};
	};
	const data = { server: gitHub.origin, user: 'octocat', accessToken: 'a-token' };
	const trigger = {
		id: 'github-trigger',
		name: 'GitHub Trigger',
		type: 'n8n-nodes-base.githubTrigger',
		typeVersion: 1,
		webhookId: 'github-webhook',
		parameters: {
			owner: { __rl: true, mode: 'list', value: 'octocat' },
			repository: { __rl: true, mode: 'list', value: 'hello-world' },
			events: ['push'],
			options: {},
		},
		credentials: { githubApi: { id: 'github', name: 'GitHub' } },
	};
	return {
		credentials: [{ id: 'github', name: 'GitHub', type: 'githubApi', data }],
		candidates: [
			{
				name: 'GitHub Trigger',
				workflow: createWorkflow('github', [trigger]),
				url: () => gitHub.hook!.url,
				createDelivery,
				createForgery: (eventId) => forge(createDelivery(eventId)),
				rejection: { status: 401, startsExecution: false },
			},
		],
		close: async () => await gitHub.stop(),
	};
}
