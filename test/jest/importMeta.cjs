const REPLACEMENTS = {
	dirname: '__dirname',
	filename: '__filename',
	url: "require('node:url').pathToFileURL(__filename).href",
};

/** A Babel plugin that replaces `import.meta`, which does not exist in CommonJS. */
module.exports = ({ template }) => ({
	visitor: {
		MetaProperty({ parentPath }) {
			const { property } = parentPath.node;
			const replacement = REPLACEMENTS[property?.name];
			if (!replacement) throw parentPath.buildCodeFrameError('Not available in tests');
			parentPath.replaceWith(template.expression(replacement)());
		},
	},
});
