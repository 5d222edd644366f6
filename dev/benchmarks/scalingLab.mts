import { setTimeout as sleep } from 'node:timers/promises';

import type { N8nProcess } from '../lab/n8nProcess.mts';
import type { Part } from '../lab/queue/index.mts';
import type { QueueStage } from '../../test/support/queueStage.mts';
import { usageOf } from './processUsage.mts';
import { percentile } from './statistics.mts';
import { deliverAtATime } from './timedLoad.mts';

const AT_A_TIME = 64;
const POLL_MS = 500;

export interface Size {
	webhookProcesses: number;
	workers: number;
}

/** What one process, with those that it has started, used in a run. */
interface PartUsage {
	/** Processor time to time passed: 1 is one core, and all that one process of Node can use for its own work. */
	cores: number;
	memoryMb: number;
}

export interface Run {
	/** Until the last execution succeeded. */
	perSecond: number;
	p50Ms: number;
	p99Ms: number;
	executions: number;
	/** By name; the last one is the load, and the simulator. */
	parts: Record<string, PartUsage>;
}

/** A queue mode whose parts are ended and started between runs. */
export class ScalingLab {
	private size: Size;
	private delivered = 0;

	constructor(private readonly stage: QueueStage) {
		const { webhookProcesses, workers } = stage.n8n;
		this.size = { webhookProcesses: webhookProcesses.length, workers: workers.length };
	}

	/** Leaves so many webhook processes and workers running. */
	async resize(size: Size): Promise<void> {
		const { n8n } = this.stage;
		await runFirst(n8n.webhookProcesses, size.webhookProcesses);
		await runFirst(n8n.workers, size.workers);
		this.size = size;
	}

	/** Rejects where an event is not answered 200, or an execution does not succeed. */
	async run(workflowId: string, events: number): Promise<Run> {
		const { simulator } = this.stage;
		const webhook = simulator.webhooks().find(({ url }) => url.includes(`/${workflowId}-`))!;
		const path = new URL(webhook.url).pathname;
		const urls = this.webhookProcesses.map(({ url }) => url + path);
		const ids = Array.from({ length: events }, () => `evt_${this.delivered++}`);
		const before = await this.ended(workflowId);
		const usedBefore = this.usage();
		const started = Date.now();
		const times = await deliverAtATime({ urls, secret: webhook.secret, ids }, AT_A_TIME);
		const { count, last } = await this.allEnded(workflowId);
		const seconds = (last - started) / 1_000;
		const used = this.usage();
		const parts = Object.entries(used).map(([name, { cpuSeconds, memoryMb }]) => {
			const cores = (cpuSeconds - usedBefore[name]!.cpuSeconds) / seconds;
			return [name, { cores: Number(cores.toFixed(2)), memoryMb: Math.round(memoryMb) }];
		});
		return {
			perSecond: events / seconds,
			p50Ms: percentile(times, 50),
			p99Ms: percentile(times, 99),
			executions: count - before.count,
			parts: Object.fromEntries(parts) as Run['parts'],
		};
	}

	private get webhookProcesses(): readonly Part[] {
		return this.stage.n8n.webhookProcesses.slice(0, this.size.webhookProcesses);
	}

	private usage() {
		const { main, workers, postgres, redis } = this.stage.n8n;
		const named = (name: string, parts: readonly Part[]) =>
			parts.map(({ process: { pid } }, index) => [`${name} ${index + 1}`, pid] as const);
		const pids = [
			['main', main.pid] as const,
			...named('webhook process', this.webhookProcesses),
			...named('worker', workers.slice(0, this.size.workers)),
			['PostgreSQL', postgres.pid] as const,
			['Redis', redis.pid] as const,
		];
		const { user, system } = process.cpuUsage();
		const load = {
			cpuSeconds: (user + system) / 1e6,
			memoryMb: process.memoryUsage.rss() / 2 ** 20,
		};
		return Object.fromEntries([
			...pids.map(([name, pid]) => [name, usageOf(pid!)] as const),
			// All others were started by this one, and would count for it.
			['load', load] as const,
		]);
	}

	private async allEnded(workflowId: string) {
		for (;;) {
			const ended = await this.ended(workflowId);
			if (ended.failed > 0) throw new Error(`${ended.failed} executions failed`);
			if (ended.underWay === 0) return ended;
			await sleep(POLL_MS);
		}
	}

	private async ended(workflowId: string) {
		const rows = await this.stage.n8n.postgres.query<Record<string, number>>(
			`SELECT count(*) FILTER (WHERE status IN ('new', 'running')) AS "underWay",
				count(*) FILTER (WHERE status IN ('error', 'crashed', 'canceled')) AS failed,
				count(*), extract(epoch FROM max("stoppedAt")) * 1000 AS last
			FROM execution_entity WHERE "workflowId" = '${workflowId}'`,
		);
		const { underWay = 0, failed = 0, count = 0, last = 0 } = rows[0] ?? {};
		return { underWay, failed, count, last };
	}
}

async function runFirst(parts: readonly Part[], count: number): Promise<void> {
	const processes = parts.map(({ process }): N8nProcess => process);
	const isToRun = (index: number) => index < count;
	await Promise.all(
		processes.map(async (process, index) => {
			if (!isToRun(index)) await process.stop();
			else if (process.pid === undefined) await process.start();
		}),
	);
}
