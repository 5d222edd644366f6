// Leaves out of mutation testing what only the editor shows: the tests of the package and of the editor hold that.
const SHOWN = /^(INodeProperties|INodePropertyOptions|INodeTypeDescription)$/;
const IN_RESOURCES = /^(Operation|Resource)$/;
const SHOWN_IN_RESOURCES = ['value', 'name', 'action', 'description', 'fields', 'options'];

/** The name of a type, or of the elements of a list of it. */
function nameOf(annotation) {
	const type = annotation?.typeAnnotation ?? annotation;
	return type?.elementType ? nameOf(type.elementType) : type?.typeName?.name;
}

/** What a variable, a property of a class or a function is declared to be or to give. */
function isDeclaredAsShown({ node }) {
	const annotation = node.id?.typeAnnotation ?? node.typeAnnotation ?? node.returnType;
	return annotation !== undefined && SHOWN.test(nameOf(annotation));
}

function isShownInResource({ node, parentPath }) {
	if (node.type !== 'ObjectProperty' || !SHOWN_IN_RESOURCES.includes(node.key.name)) return false;
	const declaration = parentPath.parent;
	return IN_RESOURCES.test(nameOf(declaration?.id?.typeAnnotation));
}

export const strykerPlugins = [
	{
		kind: 'Ignore',
		name: 'descriptions',
		value: {
			shouldIgnore: (path) =>
				isDeclaredAsShown(path) || isShownInResource(path)
					? 'It is only shown in the editor.'
					: undefined,
		},
	},
];
