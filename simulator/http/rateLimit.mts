/** Counts calls by key, in windows that begin with a key's first call. */
export class RateLimit {
	private readonly windows = new Map<string, { endsAt: number; calls: number }>();

	constructor(
		private readonly callsPerWindow: number,
		private readonly windowMs = 60_000,
	) {}

	/**
	 * Counts a call.
	 *
	 * @param now in milliseconds since 1970
	 * @returns undefined where it is within the limit, else the seconds until the next window begins
	 */
	count(key: string, now = Date.now()): number | undefined {
		let window = this.windows.get(key);
		if (!window || window.endsAt <= now) {
			window = { endsAt: now + this.windowMs, calls: 0 };
			this.windows.set(key, window);
		}
		window.calls++;
		if (window.calls <= this.callsPerWindow) return undefined;
		return Math.ceil((window.endsAt - now) / 1_000);
	}
}
