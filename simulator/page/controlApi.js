/**
 * Calls the control API.
 *
 * @param {'GET' | 'POST' | 'DELETE'} method
 * @param {string} path below `/simulator`
 * @param {object} [body]
 * @returns {Promise<any>} the parsed response
 * @throws {Error} with a message for the user
 */
export async function callControlApi(method, path, body) {
	const response = await fetchOrThrow(`/simulator${path}`, {
		method,
		...(body && {
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify(body),
		}),
	});
	const text = await response.text();
	const json = text === '' ? undefined : JSON.parse(text);
	if (!response.ok) {
		throw new Error(json?.error?.message ?? `The simulator responded with ${response.status}.`);
	}
	return json;
}

/**
 * Runs an action and shows its message or its error.
 *
 * @param {HTMLElement} output
 * @param {() => Promise<string>} action returns the message
 */
export async function showOutcome(output, action) {
	try {
		output.textContent = await action();
		output.classList.remove('failed');
	} catch (error) {
		output.textContent = error instanceof Error ? error.message : String(error);
		output.classList.add('failed');
	}
}

/**
 * @param {string} url
 * @param {RequestInit} request
 */
async function fetchOrThrow(url, request) {
	try {
		return await fetch(url, request);
	} catch {
		throw new Error('The simulator does not respond. Is it still running?');
	}
}
