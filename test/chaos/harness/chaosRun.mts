import { setTimeout as sleep } from 'node:timers/promises';

import type { TestEnvironment } from '../../../dev/testEnvironment/testEnvironment.mts';
import { startHeadlessEnvironment } from '../../support/headlessEnvironment.mts';
import type { Delivery } from '../../../simulator/index.mts';
import { RESPONSE_TIMEOUT_MS } from '../../../nodes/shared/retrySchedule.ts';
import { SeededRandom } from '../../../simulator/runtime/seededRandom.mts';
import { ReverseProxy } from '../../../dev/testEnvironment/reverseProxy.mts';
import { EventExecutions, type StoredExecution } from '../../support/eventExecutions.mts';
import { SideEffectServer, type Behavior } from '../../../dev/testEnvironment/sideEffectServer.mts';
import { createSideEffectWorkflow } from '../../../dev/testEnvironment/sideEffectWorkflow.mts';

/** Retries follow after 0.05, 0.25, 1, 5, 15 and 30 s. */
const TIME_FACTOR = 120;
const FAULTS_UP_TO_ATTEMPT = 3;
const BURSTS = 16;
const FAILURES_AFTER = [2, 6, 10];
const KILLS_AFTER = [4, 8, 12];
const EVENTS_WITHOUT_N8N = 10;
/** The time between two events. On two cores, n8n cannot keep up. */
const EVENT_INTERVAL_MS = 30;
/** Limits the pending deliveries, so that a slow machine has enough attempts for each of them. */
const MAX_PENDING = 40;
const FAILURE_MS = 700;
const SETTLING_MS = 5_000;
const TYPES = ['session.completed', 'analysis.completed'];

export const MODES = ['received', 'finished'] as const;
export type Mode = (typeof MODES)[number];

export interface ChaosOptions {
	/** Determines all faults and their times. */
	seed: number;
	/** The number of events. Each is delivered to one workflow per mode. */
	events: number;
	/** The maximum number of events per execution of the workflow with Acknowledge When Received; 1 by default. */
	batchSize?: number;
	/** The maximum number of concurrent executions; unlimited by default. */
	concurrencyLimit?: number;
}

/** Delivers events to a real n8n while faults happen in MindPeeker, n8n and other services. */
export class ChaosRun {
	readonly eventIds: string[] = [];
	/** When n8n was killed, in milliseconds since 1970. */
	readonly killedAt: number[] = [];
	private delivered = 0;
	private failedDelivery?: Delivery;
	/** The number of executions that n8n showed as running after it was killed during them. */
	stuckExecutions = 0;
	private readonly random: SeededRandom;
	private readonly sideEffectServers: Record<Mode, SideEffectServer>;
	private readonly reverseProxy = new ReverseProxy();
	private environment!: TestEnvironment;

	constructor(private readonly options: ChaosOptions) {
		this.random = new SeededRandom(options.seed);
		this.sideEffectServers = {
			received: new SideEffectServer(() => ({ failures: 0, delayMs: 0 })),
			finished: new SideEffectServer((eventId) => this.chooseBehavior(eventId)),
		};
	}

	async start(): Promise<void> {
		const { seed, batchSize = 1, concurrencyLimit = -1 } = this.options;
		for (const mode of MODES) await this.sideEffectServers[mode].start();
		await this.reverseProxy.start();
		this.environment = await startHeadlessEnvironment({
			simulator: { seed, timeFactor: TIME_FACTOR },
			n8n: {
				workflows: MODES.map((mode) =>
					createSideEffectWorkflow(
						mode,
						{ events: TYPES, options: { acknowledge: mode, batchSize } },
						this.sideEffectServers[mode].url,
					),
				),
				env: {
					// The fastest expression engine, because this tests deliveries.
					N8N_EXPRESSION_ENGINE: 'legacy',
					N8N_CONCURRENCY_PRODUCTION_LIMIT: String(concurrencyLimit),
					WEBHOOK_URL: this.reverseProxy.url,
				},
			},
		});
		this.reverseProxy.setTargets(this.environment.n8n.url);
		for (const mode of MODES) await this.environment.n8n.workflows.publish(mode);
	}

	async stop(): Promise<void> {
		await this.environment?.close();
		await this.reverseProxy.stop();
		for (const mode of MODES) await this.sideEffectServers[mode].stop();
	}

	/** Emits all events and injects all faults. Ends when no delivery is pending and no execution runs. */
	async run(): Promise<void> {
		this.addFaults();
		this.environment.simulator.on('delivered', () => this.delivered++);
		this.environment.simulator.on('failed', (delivery) => (this.failedDelivery ??= delivery));
		for (let burst = 1; burst <= BURSTS; burst++) {
			if (KILLS_AFTER.includes(burst)) await this.waitForEarlyAttempts();
			for (let event = 0; event < this.options.events / BURSTS; event++) {
				await this.waitForPendingDeliveries();
				await this.emit();
			}
			await this.waitForPendingDeliveries(MAX_PENDING * this.random.fraction('trouble', burst));
			if (FAILURES_AFTER.includes(burst)) await this.failExecutions();
			if (KILLS_AFTER.includes(burst)) await this.kill();
		}
		await this.environment.simulator.waitUntilIdle();
		await this.waitForExecutions();
	}

	async readExecutions(mode: Mode): Promise<EventExecutions> {
		const { n8n, simulator } = this.environment;
		const { id: webhookId } = simulator.webhooks().find(({ url }) => url.includes(`/${mode}-`))!;
		const deliveries = simulator.deliveries({ webhookId });
		const list = await n8n.database.query<StoredExecution>(
			`SELECT CAST(id AS TEXT) AS id, status, CAST(unixepoch(createdAt, 'subsec') * 1000 AS INTEGER) AS createdAt
			FROM execution_entity WHERE workflowId = '${mode}'`,
		);
		return await EventExecutions.load(
			n8n,
			list,
			this.sideEffectServers[mode].sideEffects,
			deliveries,
		);
	}

	/** Describes the deliveries and executions of an event for error messages. */
	async describeEvent(eventId: string): Promise<string> {
		const { n8n, simulator } = this.environment;
		const attempts = simulator
			.deliveries({ eventId })
			.flatMap(({ url, state, attempts }) =>
				attempts.map((attempt) => ({ url, state, ...attempt })),
			);
		const executions = await n8n.database.query(
			`SELECT id, workflowId, status, createdAt, startedAt, stoppedAt FROM execution_entity
			JOIN execution_data ON id = executionId WHERE data LIKE '%${eventId}%'`,
		);
		const lines = n8n.log.filter((line) => line.includes(eventId));
		return JSON.stringify({ attempts, executions, lines, killedAt: this.killedAt }, null, 1);
	}

	/** Retries an execution, as the editor does. */
	async retry(executionId: string): Promise<void> {
		await this.environment.n8n.executions.retry(executionId);
	}

	/** Counts the injected faults by kind. */
	countFaults(): Record<string, number> {
		const faults = this.environment.simulator.faults.list();
		return Object.fromEntries(
			faults.map(({ fault, timesInjected }) => [fault.kind, timesInjected]),
		);
	}

	/** Counts the responses by status or connection error. */
	countResponses(): Record<string, number> {
		const counts: Record<string, number> = {};
		for (const { attempts } of this.environment.simulator.deliveries()) {
			for (const { status, error } of attempts) {
				const response = error === null ? String(status) : error.replace(/[\d.:]+/g, '…');
				counts[response] = (counts[response] ?? 0) + 1;
			}
		}
		return counts;
	}

	private addFaults(): void {
		const { faults } = this.environment.simulator;
		const common = { on: 'delivery', upToAttempt: FAULTS_UP_TO_ATTEMPT } as const;
		faults.add({ ...common, kind: 'lost-response', probability: 0.1 });
		faults.add({ ...common, kind: 'slow-response', probability: 0.05, afterMs: 20 });
		faults.add({ ...common, kind: 'drop', probability: 0.05 });
		faults.add({ ...common, kind: 'duplicate', probability: 0.2, copies: 2, withinMs: 400 });
		faults.add({ ...common, kind: 'reorder', probability: 0.3, withinMs: 1_000 });
	}

	/** In the first run, 10 % of the workflows fail, and 1 % exceed MindPeeker's timeout. */
	private chooseBehavior(eventId: string): Behavior {
		return {
			failures: this.random.fraction('failures', eventId) < 0.1 ? 1 : 0,
			delayMs: this.random.fraction('slow', eventId) < 0.01 ? 1.5 * RESPONSE_TIMEOUT_MS : 0,
		};
	}

	private async emit(): Promise<void> {
		const type = TYPES[this.eventIds.length % TYPES.length] ?? '';
		this.eventIds.push(this.environment.simulator.emit(type).event.id);
		await sleep(EVENT_INTERVAL_MS);
	}

	/** Simulates a full disk: n8n cannot store executions and responds with 500. */
	private async failExecutions(): Promise<void> {
		const { database } = this.environment.n8n;
		await database.query(
			"CREATE TRIGGER refuse BEFORE INSERT ON execution_entity BEGIN SELECT RAISE(ABORT, 'disk full'); END",
		);
		await sleep(FAILURE_MS);
		await database.query('DROP TRIGGER refuse');
	}

	/** Kills n8n and starts it again. Events are emitted meanwhile. */
	private async kill(): Promise<void> {
		this.killedAt.push(Date.now());
		await this.environment.n8n.kill();
		const starting = this.environment.n8n.start();
		for (let event = 0; event < EVENTS_WITHOUT_N8N; event++) await this.emit();
		// Pauses retries until n8n has started, however long that takes.
		const resume = this.environment.simulator.pause();
		await starting.finally(resume);
	}

	/** Without this, a second kill could use up the last attempts of a delivery. */
	private async waitForEarlyAttempts(): Promise<void> {
		const isNearLastAttempt = ({ attempts }: Delivery) => (attempts.at(-1)?.number ?? 0) > 4;
		const { simulator } = this.environment;
		while (simulator.deliveries({ state: 'pending' }).some(isNearLastAttempt)) await sleep(200);
	}

	private async waitForPendingDeliveries(max = MAX_PENDING): Promise<void> {
		while (this.eventIds.length * MODES.length - this.delivered > max) {
			// The simulator has marked the webhook as failed and sends no further events.
			if (this.failedDelivery) {
				throw new Error(
					`The delivery failed: ${await this.describeEvent(this.failedDelivery.eventId)}`,
				);
			}
			await sleep(EVENT_INTERVAL_MS);
		}
	}

	/**
	 * Waits until no execution makes progress. n8n shows an execution that was killed before its first node as running
	 * until n8n has been restarted a few times.
	 */
	private async waitForExecutions(): Promise<void> {
		const { n8n } = this.environment;
		const count = async () => await n8n.executions.count({ status: ['new', 'running'] });
		for (let before = Infinity, now = await count(); now > 0 && now < before; now = await count()) {
			before = now;
			await sleep(SETTLING_MS);
		}
		this.stuckExecutions = await count();
		for (let restart = 0; restart < 3 && (await count()) > 0; restart++) await n8n.restart();
	}
}
