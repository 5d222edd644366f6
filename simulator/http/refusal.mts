import { ApiError } from './apiError.mts';

export function orNotFound<T>(what: string, found: T | undefined): T {
	if (found === undefined) throw new ApiError(404, `There is no such ${what}`);
	return found;
}

/** What the parts refuse with a TypeError or a RangeError is the caller's mistake. */
export async function orRefuse<T>(act: () => T): Promise<T> {
	try {
		return act();
	} catch (error) {
		if (error instanceof TypeError || error instanceof RangeError) {
			throw new ApiError(400, error.message);
		}
		throw error;
	}
}
