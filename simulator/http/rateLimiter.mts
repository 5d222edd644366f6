/** Fixed-window rate limiter. A window starts with the first request of a key. */
export class RateLimiter {
	private readonly windows = new Map<string, { endsAt: number; requests: number }>();

	constructor(
		private readonly requestsPerWindow: number,
		private readonly windowMs = 60_000,
	) {}

	/**
	 * Counts a request.
	 *
	 * @param now in milliseconds since 1970
	 * @returns the seconds until the next window, or undefined within the limit
	 */
	count(key: string, now = Date.now()): number | undefined {
		let window = this.windows.get(key);
		if (!window || window.endsAt <= now) {
			window = { endsAt: now + this.windowMs, requests: 0 };
			this.windows.set(key, window);
		}
		window.requests++;
		if (window.requests <= this.requestsPerWindow) return undefined;
		return Math.ceil((window.endsAt - now) / 1_000);
	}
}
