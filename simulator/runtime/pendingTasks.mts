/** Tracks background work: deliveries with their retries, sessions and analyses. */
export class PendingTasks {
	private running = 0;
	private waiting: Array<() => void> = [];

	/** @param signal after it is aborted, rejected tasks are ignored */
	constructor(private readonly signal: AbortSignal) {}

	/** Starts a task in the background. */
	start(task: () => Promise<unknown>): void {
		this.running++;
		void this.run(task);
	}

	/** Resolves when no task is running. */
	async waitUntilIdle(): Promise<void> {
		if (this.running === 0) return;
		await new Promise<void>((resolve) => this.waiting.push(resolve));
	}

	private async run(task: () => Promise<unknown>): Promise<void> {
		try {
			await task();
		} catch (error) {
			if (!this.signal.aborted) throw error;
		} finally {
			this.running--;
			if (this.running === 0) for (const resolve of this.waiting.splice(0)) resolve();
		}
	}
}
