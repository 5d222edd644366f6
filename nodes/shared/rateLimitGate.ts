import { pause } from './pause';

const LOOK_AFTER_MS = 25;

/**
 * What the calls of one connection pass through. Once the service has refused one for its rate limit, all wait as
 * long as it says, and then fewer are under way at a time: half as many, and one more when so many have succeeded.
 */
export class RateLimitGate {
	private underWay = 0;
	private most = Infinity;
	private closedUntil = 0;

	/** Returns when a call may be made. */
	async enter(signal: AbortSignal | undefined): Promise<void> {
		for (;;) {
			const left = this.closedUntil - performance.now();
			if (left <= 0 && this.underWay + 1 <= this.most) break;
			await pause(Math.max(left, LOOK_AFTER_MS), signal);
		}
		this.underWay++;
	}

	/** The call has ended; `closeForMs` where it was refused for the rate limit. */
	leave(closeForMs?: number): void {
		const now = performance.now();
		if (closeForMs === undefined) {
			this.most += 1 / this.most;
		} else {
			// Those that were refused together count as one.
			if (now >= this.closedUntil) this.most = Math.ceil(Math.min(this.most, this.underWay) / 2);
			this.closedUntil = Math.max(this.closedUntil, now + closeForMs);
		}
		this.underWay--;
	}
}
