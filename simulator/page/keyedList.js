/**
 * @template E
 * @typedef {{ node: HTMLElement, update: (entry: E) => void }} Row
 */

/**
 * Keeps one row for each entry, so that what has the focus or is open stays so while the entries change.
 *
 * @template {{ id: string }} E
 * @param {HTMLElement} list
 * @param {(id: string) => Row<E>} makeRow
 * @returns {(entries: readonly E[]) => void} shows these entries in this order
 */
export function keyedList(list, makeRow) {
	/** @type {Map<string, { row: Row<E>, shown?: E }>} */
	const rows = new Map();
	return (entries) => {
		const ids = new Set(entries.map(({ id }) => id));
		for (const [id, { row }] of rows) {
			if (ids.has(id)) continue;
			rows.delete(id);
			removeRow(list, row.node);
		}
		for (const [index, entry] of entries.entries()) {
			const { row, shown } = rows.get(entry.id) ?? { row: makeRow(entry.id) };
			rows.set(entry.id, { row, shown: entry });
			if (shown !== entry) row.update(entry);
			const there = list.children[index] ?? null;
			if (there !== row.node) list.insertBefore(row.node, there);
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
