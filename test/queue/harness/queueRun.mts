import { setTimeout as sleep } from 'node:timers/promises';

import type { N8nProcess } from '../../../dev/lab/n8nProcess.mts';
import { pollUntil } from '../../../dev/lab/pollUntil.mts';
import type { Delivery } from '../../../simulator/index.mts';
import { DockerProxy } from '../../../dev/testEnvironment/dockerProxy.mts';
import { findMissingProgram } from '../../../dev/testEnvironment/documentedPrograms.mts';
import { EventExecutions, type StoredExecution } from '../../support/eventExecutions.mts';
import {
	startQueueEnvironment,
	type QueueEnvironment,
} from '../../../dev/testEnvironment/queueEnvironment.mts';
import { SideEffectServer } from '../../../dev/testEnvironment/sideEffectServer.mts';
import { createSideEffectWorkflow } from '../../../dev/testEnvironment/sideEffectWorkflow.mts';
import { DELAYS_MS, sendDuplicates, type DelayMs, type Series } from './duplicates.mts';

/** Retries follow after 0.1, 0.5, 2, 10, 30 and 60 s. */
const TIME_FACTOR = 60;
const EVENT_INTERVAL_MS = 20;
/** More pending deliveries would exceed MindPeeker's timeout. */
const MAX_PENDING = 40;
const REDIS_DOWN_MS = 2_000;
/** Half of the events go to a workflow with Acknowledge: when received, the other half to when finished. */
export const MODES = ['received', 'finished'] as const;
export type Mode = (typeof MODES)[number];
const TYPES = { received: 'session.completed', finished: 'analysis.completed' } as const;
const DUPLICATES_WORKFLOW = 'duplicates';

/** Reduces the time until n8n recovers from a crash to at most 90 seconds. */
const FAST_RECOVERY = {
	QUEUE_WORKER_LOCK_DURATION: '10000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
	QUEUE_WORKER_STALLED_INTERVAL: '5000',
	N8N_EXECUTIONS_QUEUE_RECOVERY_INTERVAL: '1',
};

/** Delivers events to n8n in queue mode, with two webhook processes and two workers, while parts of it fail. */
export class QueueRun {
	readonly eventIds: Record<Mode, string[]> = { received: [], finished: [] };
	private emitted = 0;
	private delivered = 0;
	private failedDelivery?: Delivery;
	private readonly sideEffectServer = new SideEffectServer(() => ({ failures: 0, delayMs: 0 }));
	environment!: QueueEnvironment;
	private dockerProxy?: DockerProxy;

	async start(): Promise<void> {
		await this.sideEffectServer.start();
		this.environment = await startQueueEnvironment({
			webhookProcesses: 2,
			workers: 2,
			simulator: { timeFactor: TIME_FACTOR },
			env: {
				N8N_EXPRESSION_ENGINE: 'legacy',
				N8N_PROXY_HOPS: '1',
				OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true', // n8n 3 always does
				...FAST_RECOVERY,
			},
			workflows: [
				...MODES.map((acknowledge) => {
					const parameters = { events: [TYPES[acknowledge]], options: { acknowledge } };
					return createSideEffectWorkflow(acknowledge, parameters, this.sideEffectServer.url);
				}),
				createSideEffectWorkflow(
					DUPLICATES_WORKFLOW,
					{ events: [TYPES.received] },
					this.sideEffectServer.url,
				),
			],
		});
		if (!findMissingProgram('caddy')) await this.insertDockerProxy();
		for (const mode of MODES) await this.environment.n8n.main.workflows.publish(mode);
	}

	async stop(): Promise<void> {
		await this.dockerProxy?.stop();
		await this.environment?.close();
		await this.sideEffectServer.stop();
	}

	/** Emits events with duplicates, while a worker, a webhook process and Redis stop and restart. */
	async run(events: number): Promise<void> {
		const { simulator, n8n } = this.environment;
		const duplicate = { on: 'delivery', kind: 'duplicate', probability: 0.1 } as const;
		simulator.faults.add(duplicate);
		simulator.faults.add({ ...duplicate, withinMs: 5_000 });
		simulator.on('delivered', () => this.delivered++);
		simulator.on('failed', (delivery) => (this.failedDelivery ??= delivery));
		const quarter = events / 4;
		await this.emit(quarter);
		const restartingWorker = killAndRestart(n8n.workers[0]!.process);
		await this.emit(quarter);
		const restartingWebhookProcess = killAndRestart(n8n.webhookProcesses[0]!.process);
		await this.emit(quarter);
		await Promise.all([restartingWorker, restartingWebhookProcess]);
		const restartingRedis = n8n.redis.restart(REDIS_DOWN_MS);
		await this.emit(quarter);
		await restartingRedis;
		await simulator.waitUntilIdle();
		simulator.faults.clear();
	}

	/** Returns the share of duplicates that ran the nodes after the trigger again, by their delay. */
	async measureDuplicates(series: Series): Promise<Record<DelayMs, number>> {
		const { n8n } = this.environment;
		const { url, secret } = await this.findDuplicatesWebhook();
		const path = new URL(url).pathname;
		const [first, second] = n8n.webhookProcesses.map((webhookProcess) => webhookProcess.url + path);
		const sent = await sendDuplicates(series, [first!, second!], secret);
		await this.waitForExecutions(DUPLICATES_WORKFLOW);
		const lost = sent.filter(({ eventId }) => this.countRuns(eventId) === 0);
		if (lost.length > 0) throw new Error(`${lost.length} events did not run at all`);
		const ranTwice = (eventId: string) => this.countRuns(eventId) > 1;
		const shares = DELAYS_MS.map((delay) => {
			const events = sent.filter(({ delayMs }) => delayMs === delay);
			return [delay, events.filter(({ eventId }) => ranTwice(eventId)).length / events.length];
		});
		return Object.fromEntries(shares) as Record<DelayMs, number>;
	}

	/** Waits until no execution runs, and reads all executions. */
	async readExecutions(mode: Mode): Promise<EventExecutions> {
		await this.waitForExecutions(mode);
		const { n8n, simulator } = this.environment;
		const list = await n8n.postgres.query<StoredExecution>(
			`SELECT id::text, status, extract(epoch FROM "createdAt") * 1000 AS "createdAt"
			FROM execution_entity WHERE "workflowId" = '${mode}'`,
		);
		const deliveries = simulator.deliveries().filter(({ url }) => url.includes(`/${mode}-`));
		return await EventExecutions.load(
			n8n.main,
			list,
			this.sideEffectServer.sideEffects,
			deliveries,
		);
	}

	/** Lets all requests pass Caddy. Unlike its default, a duplicate often reaches another process. */
	private async insertDockerProxy({ n8n, reverseProxy } = this.environment): Promise<void> {
		this.dockerProxy = await DockerProxy.start(n8n, 'round_robin');
		reverseProxy.setTargets(this.dockerProxy.url);
		reverseProxy.setMain(this.dockerProxy.url);
	}

	private async emit(count: number): Promise<void> {
		for (let index = 0; index < count; index++) {
			while (this.emitted - this.delivered >= MAX_PENDING) {
				// The simulator has marked the webhook as failed and sends no further events.
				if (this.failedDelivery) {
					throw new Error(`The delivery failed: ${JSON.stringify(this.failedDelivery, null, 1)}`);
				}
				await sleep(EVENT_INTERVAL_MS);
			}
			const mode = MODES[this.emitted++ % MODES.length]!;
			this.eventIds[mode].push(this.environment.simulator.emit(TYPES[mode]).event.id);
			await sleep(EVENT_INTERVAL_MS);
		}
	}

	private async findDuplicatesWebhook() {
		const { simulator, n8n } = this.environment;
		const find = () =>
			simulator.webhooks().find(({ url }) => url.includes(`/${DUPLICATES_WORKFLOW}-`));
		if (!find()) await n8n.main.workflows.publish(DUPLICATES_WORKFLOW);
		return find()!;
	}

	private async waitForExecutions(workflowId: string): Promise<void> {
		const count = async () => {
			const rows = await this.environment.n8n.postgres.query<{ count: number }>(
				`SELECT count(*) FROM execution_entity
				WHERE "workflowId" = '${workflowId}' AND status IN ('new', 'running')`,
			);
			return rows[0]?.count;
		};
		await pollUntil({
			what: `all executions of ${workflowId} to end`,
			timeoutMs: 300_000,
			poll: async () => ((await count()) === 0 ? true : undefined),
		});
	}

	private countRuns(eventId: string): number {
		const effects = this.sideEffectServer.sideEffects.filter(
			(effect) => effect.eventId === eventId,
		);
		return new Set(effects.map(({ executionId }) => executionId)).size;
	}
}

/** Kills a process and starts it again, as a process supervisor does. */
async function killAndRestart(process: N8nProcess): Promise<void> {
	await process.kill();
	await process.start();
}
