import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** Time as the simulated service lives it, until it is stopped. */
export class Clock {
	private readonly end = new AbortController();
	private paused?: Promise<void>;

	constructor(private readonly timeFactor: number) {
		// Each delivery under way listens, and there may be thousands.
		setMaxListeners(0, this.end.signal);
	}

	/** Aborted when the clock stops. */
	get signal(): AbortSignal {
		return this.end.signal;
	}

	/** Waits for a time of the service, which the time factor shortens. Rejects once the clock stops. */
	async wait(ms: number): Promise<void> {
		await this.waitReal(ms / this.timeFactor);
		await this.paused;
		this.signal.throwIfAborted();
	}

	/** Keeps `wait` from returning until the returned function is called, or the clock stops. */
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

	/** Waits for a time that the time factor does not touch. Rejects once the clock stops. */
	async waitReal(ms: number): Promise<void> {
		await sleep(ms, undefined, { signal: this.signal });
	}

	/** When a wait would end, in milliseconds since 1970, as is when it begins. */
	due(ms: number, since = Date.now()): number {
		return since + ms / this.timeFactor;
	}

	stop(): void {
		this.end.abort();
	}
}
