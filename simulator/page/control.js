/**
 * Calls one of the simulator's controls.
 *
 * @param {'GET' | 'POST' | 'DELETE'} method
 * @param {string} path below `/simulator`
 * @param {object} [body]
 * @returns {Promise<any>} the answer, parsed
 * @throws {Error} whose message says what is wrong
 */
export async function control(method, path, body) {
	const response = await reach(`/simulator${path}`, {
		method,
		...(body && {
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify(body),
		}),
	});
	const text = await response.text();
	const answer = text === '' ? undefined : JSON.parse(text);
	if (!response.ok) throw new Error(answer?.error?.message ?? `The answer was ${response.status}.`);
	return answer;
}

/**
 * Tells beside the control how the action went.
 *
 * @param {HTMLElement} place
 * @param {() => Promise<string>} act gives what to tell
 */
export async function tellOutcome(place, act) {
	try {
		place.textContent = await act();
		place.classList.remove('failed');
	} catch (error) {
		place.textContent = error instanceof Error ? error.message : String(error);
		place.classList.add('failed');
	}
}

/**
 * @param {string} url
 * @param {RequestInit} request
 */
async function reach(url, request) {
	try {
		return await fetch(url, request);
	} catch {
		throw new Error('The simulator does not answer. Is it still running?');
	}
}
