// Steps so fine that what is read back is at most an eleventh above what was noted.
const STEPS_PER_DOUBLING = 8;

/** A distribution of times that takes the same room however many are noted. */
export class AnswerTimes {
	private readonly counts = new Map<number, number>();
	private count = 0;
	private longest = 0;

	note(ms: number): void {
		const step = Math.ceil(Math.log2(Math.max(ms, 1)) * STEPS_PER_DOUBLING);
		this.counts.set(step, (this.counts.get(step) ?? 0) + 1);
		this.count++;
		this.longest = Math.max(this.longest, ms);
	}

	/** The time within which this share of the answers, from 0 to 1, was given, in milliseconds. */
	quantile(share: number): number {
		let rest = Math.ceil(this.count * share);
		for (const [step, count] of [...this.counts].sort(([one], [other]) => one - other)) {
			rest -= count;
			if (rest <= 0) return Math.min(2 ** (step / STEPS_PER_DOUBLING), this.longest);
		}
		return this.longest;
	}

	get max(): number {
		return this.longest;
	}
}
