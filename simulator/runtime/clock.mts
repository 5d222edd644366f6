import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** The simulated service's clock. It runs `timeFactor` times faster than real time. */
export class Clock {
	private readonly controller = new AbortController();
	private paused?: Promise<void>;

	constructor(private readonly timeFactor: number) {
		// Each pending delivery adds a listener.
		setMaxListeners(0, this.controller.signal);
	}

	/** Aborted when the clock stops. */
	get signal(): AbortSignal {
		return this.controller.signal;
	}

	/** Waits for simulated milliseconds. Rejects when the clock stops. */
	async wait(ms: number): Promise<void> {
		await this.waitReal(ms / this.timeFactor);
		await this.paused;
		this.signal.throwIfAborted();
	}

	/** Blocks `wait` until the returned function is called or the clock stops. */
	pause(): () => void {
		const { signal } = this;
		let resume = () => {};
		const paused = new Promise<void>((resolve) => {
			resume = resolve;
			signal.addEventListener('abort', () => resolve(), { once: true });
		});
		this.paused = paused;
		return resume;
	}

	/** Waits for real milliseconds. Rejects when the clock stops. */
	async waitReal(ms: number): Promise<void> {
		await sleep(ms, undefined, { signal: this.signal });
	}

	/** When a `wait` that starts at `since` ends, in milliseconds since 1970. */
	dueTime(ms: number, since = Date.now()): number {
		return since + ms / this.timeFactor;
	}

	stop(): void {
		this.controller.abort();
	}
}

/** The API's time format: ISO 8601 in UTC, without milliseconds. */
export function formatTimestamp(at: number = Date.now()): string {
	return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
