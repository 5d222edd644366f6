/**
 * @template E
 * @typedef {{ node: HTMLElement, update: (entry: E) => void }} Row
 */

/**
 * Renders one row per entry and reuses rows, so that focus and open details survive an update.
 *
 * @template {{ id: string }} E
 * @param {HTMLElement} list
 * @param {(id: string) => Row<E>} createRow
 * @returns {(entries: readonly E[]) => void} renders these entries in this order
 */
export function createKeyedList(list, createRow) {
	/** @type {Map<string, { row: Row<E>, rendered?: E }>} */
	const rows = new Map();
	return (entries) => {
		const ids = new Set(entries.map(({ id }) => id));
		for (const [id, { row }] of rows) {
			if (ids.has(id)) continue;
			rows.delete(id);
			removeRow(list, row.node);
		}
		for (const [index, entry] of entries.entries()) {
			const { row, rendered } = rows.get(entry.id) ?? { row: createRow(entry.id) };
			rows.set(entry.id, { row, rendered: entry });
			if (rendered !== entry) row.update(entry);
			const current = list.children[index] ?? null;
			if (current !== row.node) list.insertBefore(row.node, current);
		}
	};
}

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} node
 */
function removeRow(list, node) {
	const hadFocus = node.contains(document.activeElement);
	node.remove();
	if (hadFocus) list.closest('section')?.querySelector('h2')?.focus();
}
