/**
 * Runs jobs at a time. Where one fails, the others are aborted and waited for, and its error is
 * thrown; so nothing goes on in the background afterwards.
 */
export async function together<T extends unknown[]>(
	jobs: { [K in keyof T]: (signal: AbortSignal) => Promise<T[K]> },
	outer?: AbortSignal,
): Promise<T> {
	const failed = new AbortController();
	const signal = AbortSignal.any(outer ? [outer, failed.signal] : [failed.signal]);
	const running = jobs.map(async (job) => await job(signal));
	try {
		return (await Promise.all(running)) as T;
	} catch (error) {
		failed.abort();
		await Promise.allSettled(running);
		throw error;
	}
}
