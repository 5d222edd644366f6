/**
 * An element with text and elements in it. What comes from outside gets onto the page by this alone, as text.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string>} [attributes]
 * @param {Array<Node | string>} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, attributes = {}, ...children) {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
	made.append(...children);
	return made;
}

/**
 * @param {string} label
 * @param {() => unknown} act
 */
export function button(label, act) {
	const made = element('button', { type: 'button' }, label);
	made.addEventListener('click', act);
	return made;
}

/**
 * The element of the page with this id.
 *
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
	const found = document.getElementById(id);
	if (found instanceof type) return found;
	throw new Error(`The page has no ${type.name} called ${id}.`);
}

/** @param {string} iso */
export function clockTime(iso) {
	return new Date(iso).toLocaleTimeString('en-GB');
}
