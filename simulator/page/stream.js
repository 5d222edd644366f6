/** @import { Change, Snapshot } from '../http/streamMessage.mts' */

const PAUSE_MS = 2_000;

/**
 * Follows what happens, and connects again whenever the connection breaks.
 *
 * @param {object} listeners
 * @param {(snapshot: Snapshot) => void} listeners.onSnapshot how things stand, at each connection
 * @param {(change: Change) => void} listeners.onChange
 * @param {() => void} listeners.onLost
 */
export function followStream(listeners) {
	const source = new EventSource('/simulator/stream');
	source.addEventListener('snapshot', ({ data }) => listeners.onSnapshot(JSON.parse(data)));
	source.addEventListener('change', ({ data }) => listeners.onChange(JSON.parse(data)));
	source.addEventListener('error', () => {
		listeners.onLost();
		// After some errors a browser does not try again by itself.
		if (source.readyState === EventSource.CLOSED) {
			setTimeout(() => followStream(listeners), PAUSE_MS);
		}
	});
}
