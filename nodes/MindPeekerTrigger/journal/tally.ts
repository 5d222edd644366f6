import { AnswerTimes } from './answerTimes';
import type { Finding, Outcome } from './finding';

/** How many lines about an outcome are written in one period; what is beyond is only counted. */
const MOST_LINES: Partial<Record<Outcome, number>> = {
	// Each of these costs n8n an execution.
	accepted: Infinity,
	// These need a good signature, so that nobody but MindPeeker, or who recorded it, can send many.
	duplicate: 1_000,
	ignored: 1_000,
	'not taken': 1_000,
};
const MOST_OTHER_LINES = 20;

/** What came in one period. */
export class Tally {
	private readonly counts = new Map<Outcome, number>();
	private readonly times = new AnswerTimes();
	private untold = 0;

	/** Counts a delivery, and says whether it gets a line of its own, and whether that is the last. */
	note({ outcome, durationMs }: Finding): { isTold: boolean; isLast: boolean } {
		const count = (this.counts.get(outcome) ?? 0) + 1;
		const most = MOST_LINES[outcome] ?? MOST_OTHER_LINES;
		this.counts.set(outcome, count);
		this.times.note(durationMs);
		if (count > most) this.untold++;
		return { isTold: count <= most, isLast: count === most };
	}

	/** The numbers in a sentence. */
	summary(): string {
		const total = [...this.counts.values()].reduce((sum, count) => sum + count, 0);
		const outcomes = [...this.counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
		const [median, p99, max] = [
			this.times.quantile(0.5),
			this.times.quantile(0.99),
			this.times.max,
		];
		const untold = this.untold > 0 ? `; ${this.untold} of them without a line of their own` : '';
		return `${total} deliveries in the last minute: ${outcomes}; answered within ${ms(median)} (median), ${ms(p99)} (99 %), ${ms(max)} (all)${untold}`;
	}

	/** The numbers by name. */
	get numbers(): Record<string, unknown> {
		return {
			outcomes: Object.fromEntries(this.counts),
			untold: this.untold,
			medianMs: Math.round(this.times.quantile(0.5)),
			p99Ms: Math.round(this.times.quantile(0.99)),
			maxMs: Math.round(this.times.max),
		};
	}
}

function ms(time: number): string {
	return `${Math.round(time)} ms`;
}
