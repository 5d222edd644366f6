/**
 * Makes a function of many values out of one that must not run twice at a time: while a call is under way,
 * the values of those who wait are gathered, and go together into the next one.
 */
export function gather<T, R>(call: (values: T[]) => Promise<R[]>): (value: T) => Promise<R> {
	let waiting: Array<{ value: T; resolve: (result: R) => void; reject: (error: unknown) => void }> =
		[];
	let isRunning = false;

	async function run(): Promise<void> {
		isRunning = true;
		while (waiting.length > 0) {
			const gathered = waiting;
			waiting = [];
			try {
				const results = await call(gathered.map(({ value }) => value));
				gathered.forEach(({ resolve }, index) => resolve(results[index] as R));
			} catch (error) {
				gathered.forEach(({ reject }) => reject(error));
			}
		}
		isRunning = false;
	}

	return async (value) =>
		await new Promise((resolve, reject) => {
			waiting.push({ value, resolve, reject });
			if (!isRunning) void run();
		});
}
