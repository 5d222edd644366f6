/**
 * Creates an element. Children and attributes are never parsed as HTML.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string>} [attributes]
 * @param {Array<Node | string>} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function createElement(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
	element.append(...children);
	return element;
}

/**
 * @param {string} label
 * @param {() => unknown} onClick
 */
export function createButton(label, onClick) {
	const button = createElement('button', { type: 'button' }, label);
	button.addEventListener('click', onClick);
	return button;
}

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function getById(id, type) {
	const element = document.getElementById(id);
	if (element instanceof type) return element;
	throw new Error(`The page has no ${type.name} with the id ${id}.`);
}

/** @param {string} iso */
export function formatTime(iso) {
	return new Date(iso).toLocaleTimeString('en-GB');
}
