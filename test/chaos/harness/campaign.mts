import { setTimeout as sleep } from 'node:timers/promises';

import type { Stage } from '../../../dev/testEnvironment/stage.mts';
import { setTestStage } from '../../support/testStage.mts';
import type { Delivery } from '../../../simulator/index.mts';
import { ANSWER_TIMEOUT_MS } from '../../../nodes/shared/retrySchedule.ts';
import { Seeded } from '../../../simulator/seeded.mts';
import { Gate } from '../../support/gate.mts';
import { Outcome, type StoredExecution } from '../../support/outcome.mts';
import { Sink, type Treatment } from '../../support/sink.mts';
import { workflowThatActs } from '../../support/workflowThatActs.mts';

/** The retries follow after 0.025, 0.125, 0.5, 2.5, 7.5 and 15 s. */
const TIME_FACTOR = 240;
const FAULTS_UP_TO_ATTEMPT = 3;
const BURSTS = 16;
const REFUSALS_AFTER = [2, 6, 10];
const KILLS_AFTER = [4, 8, 12];
const EVENTS_WITHOUT_N8N = 20;
/** Between two events, which is more than n8n can take on two cores. */
const PAUSE_MS = 30;
/** Deliveries on their way beyond which no event happens, so that the answers of a slow machine are late, not lost. */
const MOST_UNDER_WAY = 60;
const REFUSAL_MS = 700;
const SETTLING_MS = 5_000;
const TYPES = ['session.completed', 'analysis.completed'];

export const MODES = ['received', 'finished'] as const;
export type Mode = (typeof MODES)[number];

export interface CampaignOptions {
	/** Decides all faults, and when they strike. */
	seed: number;
	/** How many events happen; each is delivered to a workflow of either mode. */
	events: number;
	/** How many executions n8n runs at a time; as many as come where left out. */
	concurrencyLimit?: number;
}

/** A real n8n, the simulator and the world outside, in trouble. */
export class Campaign {
	readonly eventIds: string[] = [];
	/** When n8n was killed, in milliseconds since 1970. */
	readonly killedAt: number[] = [];
	private delivered = 0;
	private givenUp?: Delivery;
	/** How many executions n8n showed as running although it had been killed under them. */
	left = 0;
	private readonly seeded: Seeded;
	private readonly sinks: Record<Mode, Sink>;
	private readonly gate = new Gate();
	private stage!: Stage;

	constructor(private readonly options: CampaignOptions) {
		this.seeded = new Seeded(options.seed);
		this.sinks = {
			received: new Sink(() => ({ failures: 0, delayMs: 0 })),
			finished: new Sink((eventId) => this.treatmentOf(eventId)),
		};
	}

	async start(): Promise<void> {
		const { seed, concurrencyLimit = -1 } = this.options;
		for (const mode of MODES) await this.sinks[mode].start();
		await this.gate.start();
		this.stage = await setTestStage({
			simulator: { seed, timeFactor: TIME_FACTOR },
			n8n: {
				workflows: MODES.map((mode) =>
					workflowThatActs(mode, settingsFor(mode), this.sinks[mode].url),
				),
				env: {
					// The quickest with expressions; what is tried here are deliveries.
					N8N_EXPRESSION_ENGINE: 'legacy',
					N8N_CONCURRENCY_PRODUCTION_LIMIT: String(concurrencyLimit),
					WEBHOOK_URL: this.gate.url,
				},
			},
		});
		this.gate.leadTo(this.stage.n8n.url);
		for (const mode of MODES) await this.stage.n8n.workflows.publish(mode);
	}

	async stop(): Promise<void> {
		await this.stage?.close();
		await this.gate.stop();
		for (const mode of MODES) await this.sinks[mode].stop();
	}

	/** Lets all events happen, and everything go wrong, until no delivery and no execution is under way. */
	async run(): Promise<void> {
		this.addFaults();
		this.stage.simulator.on('delivered', () => this.delivered++);
		this.stage.simulator.on('givenUp', (delivery) => (this.givenUp ??= delivery));
		for (let burst = 1; burst <= BURSTS; burst++) {
			if (KILLS_AFTER.includes(burst)) await this.noneNearItsEnd();
			for (let event = 0; event < this.options.events / BURSTS; event++) {
				await this.fewUnderWay();
				await this.emit();
			}
			await this.fewUnderWay(MOST_UNDER_WAY * this.seeded.fraction('trouble', burst));
			if (REFUSALS_AFTER.includes(burst)) await this.refuseExecutions();
			if (KILLS_AFTER.includes(burst)) await this.kill();
		}
		await this.stage.simulator.idle();
		await this.noExecutionUnderWay();
	}

	async outcomeOf(mode: Mode): Promise<Outcome> {
		const { n8n, simulator } = this.stage;
		const { id: webhookId } = simulator.webhooks().find(({ url }) => url.includes(`/${mode}-`))!;
		const deliveries = simulator.deliveries({ webhookId });
		const list = await n8n.database.query<StoredExecution>(
			`SELECT CAST(id AS TEXT) AS id, status, CAST(unixepoch(createdAt, 'subsec') * 1000 AS INTEGER) AS createdAt
			FROM execution_entity WHERE workflowId = '${mode}'`,
		);
		return await Outcome.of(n8n, list, this.sinks[mode].effects, deliveries);
	}

	/** All there is to say of an event, where it is not as it should be. */
	async tellOf(eventId: string): Promise<string> {
		const { n8n, simulator } = this.stage;
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

	/** Runs an execution again, as the editor does. */
	async retry(executionId: string): Promise<void> {
		await this.stage.n8n.executions.retry(executionId);
	}

	/** How often each kind of fault struck. */
	faultsStruck(): Record<string, number> {
		const faults = this.stage.simulator.faults.list();
		return Object.fromEntries(faults.map(({ fault, struck }) => [fault.kind, struck]));
	}

	/** How often each answer came, or none. */
	answers(): Record<string, number> {
		const counts: Record<string, number> = {};
		for (const { attempts } of this.stage.simulator.deliveries()) {
			for (const { status, error } of attempts) {
				const answer = error === null ? String(status) : error.replace(/[\d.:]+/g, '…');
				counts[answer] = (counts[answer] ?? 0) + 1;
			}
		}
		return counts;
	}

	private addFaults(): void {
		const { faults } = this.stage.simulator;
		const common = { on: 'delivery', upToAttempt: FAULTS_UP_TO_ATTEMPT } as const;
		faults.add({ ...common, kind: 'lost-answer', probability: 0.1 });
		faults.add({ ...common, kind: 'slow-answer', probability: 0.05, afterMs: 20 });
		faults.add({ ...common, kind: 'drop', probability: 0.05 });
		faults.add({ ...common, kind: 'duplicate', probability: 0.2, copies: 2, withinMs: 400 });
		faults.add({ ...common, kind: 'reorder', probability: 0.3, withinMs: 1_000 });
	}

	/** One workflow in ten fails at first, and one in a hundred takes longer at first than MindPeeker waits. */
	private treatmentOf(eventId: string): Treatment {
		return {
			failures: this.seeded.fraction('failures', eventId) < 0.1 ? 1 : 0,
			delayMs: this.seeded.fraction('slow', eventId) < 0.01 ? 1.5 * ANSWER_TIMEOUT_MS : 0,
		};
	}

	private async emit(): Promise<void> {
		const type = TYPES[this.eventIds.length % TYPES.length] ?? '';
		this.eventIds.push(this.stage.simulator.emit(type).event.id);
		await sleep(PAUSE_MS);
	}

	/** For a while n8n cannot store an execution, as with a full disk, and answers 500. */
	private async refuseExecutions(): Promise<void> {
		const { database } = this.stage.n8n;
		await database.query(
			"CREATE TRIGGER refuse BEFORE INSERT ON execution_entity BEGIN SELECT RAISE(ABORT, 'disk full'); END",
		);
		await sleep(REFUSAL_MS);
		await database.query('DROP TRIGGER refuse');
	}

	/** Ends n8n as a crash would, and starts it again; events happen meanwhile. */
	private async kill(): Promise<void> {
		this.killedAt.push(Date.now());
		await this.stage.n8n.kill();
		const starting = this.stage.n8n.start();
		for (let event = 0; event < EVENTS_WITHOUT_N8N; event++) await this.emit();
		// However long this machine takes to start n8n, the retries still have it to come back to.
		const resume = this.stage.simulator.pause();
		await starting.finally(resume);
	}

	/** A delivery that one kill has brought to its last attempts must not meet the next. */
	private async noneNearItsEnd(): Promise<void> {
		const isNearItsEnd = ({ attempts }: Delivery) => (attempts.at(-1)?.number ?? 0) > 4;
		const { simulator } = this.stage;
		while (simulator.deliveries({ state: 'pending' }).some(isNearItsEnd)) await sleep(200);
	}

	private async fewUnderWay(most = MOST_UNDER_WAY): Promise<void> {
		while (this.eventIds.length * MODES.length - this.delivered > most) {
			// Its webhook is marked as failed, and nothing more comes.
			if (this.givenUp) {
				throw new Error(`Given up: ${await this.tellOf(this.givenUp.eventId)}`);
			}
			await sleep(PAUSE_MS);
		}
	}

	/**
	 * Waits until no execution makes progress. One that was killed before its first node had started is shown by
	 * n8n as running until it has been started a few times.
	 */
	private async noExecutionUnderWay(): Promise<void> {
		const { n8n } = this.stage;
		const count = async () => await n8n.executions.count({ status: ['new', 'running'] });
		for (let before = Infinity, now = await count(); now > 0 && now < before; now = await count()) {
			before = now;
			await sleep(SETTLING_MS);
		}
		this.left = await count();
		for (let restart = 0; restart < 3 && (await count()) > 0; restart++) await n8n.restart();
	}
}

function settingsFor(acknowledge: Mode) {
	return { events: TYPES, options: { acknowledge } };
}
