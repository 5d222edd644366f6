import { setTimeout as sleep } from 'node:timers/promises';

import type { N8nProcess } from '../../../dev/lab/n8nProcess.mts';
import { waitFor } from '../../../dev/lab/wait.mts';
import type { Delivery } from '../../../simulator/index.mts';
import { Outcome, type StoredExecution } from '../../support/outcome.mts';
import { setQueueStage, type QueueStage } from '../../support/queueStage.mts';
import { Sink } from '../../support/sink.mts';
import { workflowThatActs } from '../../support/workflowThatActs.mts';
import { DISTANCES_MS, sendCopies, type DistanceMs, type Series } from './copies.mts';

/** The retries follow after 0.1, 0.5, 2, 10, 30 and 60 s. */
const TIME_FACTOR = 60;
const PAUSE_MS = 20;
/** More on their way at a time would wait longer than MindPeeker does. */
const ON_THEIR_WAY = 40;
const REDIS_DOWN_MS = 2_000;
/** Half of the events go to a workflow that acknowledges when received, half to one that does when finished. */
export const MODES = ['received', 'finished'] as const;
export type Mode = (typeof MODES)[number];
const TYPES = { received: 'session.completed', finished: 'analysis.completed' } as const;
const COPIES = 'copies';

/** What n8n does by itself after a crash, sooner than it would: a minute and a half at the worst. */
const SOONER = {
	QUEUE_WORKER_LOCK_DURATION: '10000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
	QUEUE_WORKER_STALLED_INTERVAL: '5000',
	N8N_EXECUTIONS_QUEUE_RECOVERY_INTERVAL: '1',
};

/** n8n in queue mode with two webhook processes and two workers, in trouble. */
export class QueueCampaign {
	readonly eventIds: Record<Mode, string[]> = { received: [], finished: [] };
	private emitted = 0;
	private delivered = 0;
	private givenUp?: Delivery;
	private readonly sink = new Sink(() => ({ failures: 0, delayMs: 0 }));
	private stage!: QueueStage;

	async start(): Promise<void> {
		await this.sink.start();
		this.stage = await setQueueStage({
			webhookProcesses: 2,
			workers: 2,
			simulator: { timeFactor: TIME_FACTOR },
			env: { N8N_EXPRESSION_ENGINE: 'legacy', ...SOONER },
			workflows: [
				...MODES.map((acknowledge) => {
					const parameters = { events: [TYPES[acknowledge]], options: { acknowledge } };
					return workflowThatActs(acknowledge, parameters, this.sink.url);
				}),
				workflowThatActs(COPIES, { events: [TYPES.received] }, this.sink.url),
			],
		});
		for (const mode of MODES) await this.stage.n8n.main.workflows.publish(mode);
	}

	async stop(): Promise<void> {
		await this.stage?.close();
		await this.sink.stop();
	}

	/** Lets so many events happen, with copies, while a worker, a webhook process and Redis go and come back. */
	async run(events: number): Promise<void> {
		const { simulator, n8n } = this.stage;
		const duplicate = { on: 'delivery', kind: 'duplicate', probability: 0.1 } as const;
		simulator.faults.add(duplicate);
		simulator.faults.add({ ...duplicate, withinMs: 5_000 });
		simulator.on('delivered', () => this.delivered++);
		simulator.on('givenUp', (delivery) => (this.givenUp ??= delivery));
		const quarter = events / 4;
		await this.emit(quarter);
		const comingBack = killAndStart(n8n.workers[0]!.process);
		await this.emit(quarter);
		const alsoComingBack = killAndStart(n8n.webhookProcesses[0]!.process);
		await this.emit(quarter);
		await Promise.all([comingBack, alsoComingBack]);
		const restarting = n8n.redis.restart(REDIS_DOWN_MS);
		await this.emit(quarter);
		await restarting;
		await simulator.idle();
		simulator.faults.clear();
	}

	/** Which share of the copies ran the nodes behind the trigger once more, by their distance. */
	async shareOfCopies(series: Series): Promise<Record<DistanceMs, number>> {
		const { n8n } = this.stage;
		const { url, secret } = await this.webhookForCopies();
		const path = new URL(url).pathname;
		const [first, second] = n8n.webhookProcesses.map((part) => part.url + path);
		const sent = await sendCopies(series, [first!, second!], secret);
		await this.noneUnderWay(COPIES);
		const lost = sent.filter(({ eventId }) => this.runsOf(eventId) === 0);
		if (lost.length > 0) throw new Error(`${lost.length} events did not run at all`);
		const ranTwice = (eventId: string) => this.runsOf(eventId) > 1;
		const shares = DISTANCES_MS.map((distance) => {
			const own = sent.filter(({ distanceMs }) => distanceMs === distance);
			return [distance, own.filter(({ eventId }) => ranTwice(eventId)).length / own.length];
		});
		return Object.fromEntries(shares) as Record<DistanceMs, number>;
	}

	/** What became of the events, once n8n has given up what was cut off. */
	async outcomeOf(mode: Mode): Promise<Outcome> {
		await this.noneUnderWay(mode);
		const { n8n, simulator } = this.stage;
		const list = await n8n.postgres.query<StoredExecution>(
			`SELECT id::text, status, extract(epoch FROM "createdAt") * 1000 AS "createdAt"
			FROM execution_entity WHERE "workflowId" = '${mode}'`,
		);
		const deliveries = simulator.deliveries().filter(({ url }) => url.includes(`/${mode}-`));
		return await Outcome.of(n8n.main, list, this.sink.effects, deliveries);
	}

	private async emit(count: number): Promise<void> {
		for (let index = 0; index < count; index++) {
			while (this.emitted - this.delivered >= ON_THEIR_WAY) {
				// Its webhook is marked as failed, and nothing more comes.
				if (this.givenUp) throw new Error(`Given up: ${JSON.stringify(this.givenUp, null, 1)}`);
				await sleep(PAUSE_MS);
			}
			const mode = MODES[this.emitted++ % MODES.length]!;
			this.eventIds[mode].push(this.stage.simulator.emit(TYPES[mode]).event.id);
			await sleep(PAUSE_MS);
		}
	}

	private async webhookForCopies() {
		const { simulator, n8n } = this.stage;
		const find = () => simulator.webhooks().find(({ url }) => url.includes(`/${COPIES}-`));
		if (!find()) await n8n.main.workflows.publish(COPIES);
		return find()!;
	}

	private async noneUnderWay(workflowId: string): Promise<void> {
		const count = async () => {
			const rows = await this.stage.n8n.postgres.query<{ count: number }>(
				`SELECT count(*) FROM execution_entity
				WHERE "workflowId" = '${workflowId}' AND status IN ('new', 'running')`,
			);
			return rows[0]?.count;
		};
		await waitFor({
			what: `no execution of ${workflowId} to be under way`,
			timeoutMs: 300_000,
			poll: async () => ((await count()) === 0 ? true : undefined),
		});
	}

	private runsOf(eventId: string): number {
		const own = this.sink.effects.filter((effect) => effect.eventId === eventId);
		return new Set(own.map(({ executionId }) => executionId)).size;
	}
}

/** Ends a process as a crash would; it is started again as an operator's supervisor does. */
async function killAndStart(process: N8nProcess): Promise<void> {
	await process.kill();
	await process.start();
}
