/** Knows whether anything is under way that nobody waits for: deliveries with their retries, sessions, analyses. */
export class Activity {
	private running = 0;
	private waiting: Array<() => void> = [];

	/** @param end work that stops with an error once this is aborted is no failure */
	constructor(private readonly end: AbortSignal) {}

	/** Lets work run on its own. */
	start(work: () => Promise<unknown>): void {
		this.running++;
		void this.finish(work);
	}

	/** Resolves as soon as nothing is under way. */
	async idle(): Promise<void> {
		if (this.running === 0) return;
		await new Promise<void>((resolve) => this.waiting.push(resolve));
	}

	private async finish(work: () => Promise<unknown>): Promise<void> {
		try {
			await work();
		} catch (error) {
			if (!this.end.aborted) throw error;
		} finally {
			this.running--;
			if (this.running === 0) for (const resolve of this.waiting.splice(0)) resolve();
		}
	}
}
