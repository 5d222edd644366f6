import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

const READ_BY_THE_EDITOR = ['value', 'name', 'action', 'description'];

/** Leaves out what the editor shows: other tests compare that with what it is to be. */
export const strykerPlugins = [
	declareValuePlugin(PluginKind.Ignore, 'descriptions', {
		shouldIgnore(path) {
			if (path.isVariableDeclarator() && /INodePropert/.test(typeOf(path.node.id))) {
				return 'It describes fields.';
			}
			const { parentPath } = path;
			if (
				path.isObjectProperty() &&
				READ_BY_THE_EDITOR.includes(/** @type {{ name: string }} */ (path.node.key).name) &&
				parentPath?.parentPath?.isVariableDeclarator() &&
				/Operation|Resource/.test(typeOf(parentPath.parentPath.node.id))
			) {
				return 'It describes an operation.';
			}
		},
	}),
];

/** @param {any} id */
function typeOf(id) {
	return JSON.stringify(id.typeAnnotation ?? '');
}
