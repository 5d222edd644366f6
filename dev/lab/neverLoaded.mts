// Source maps, typings and compilers' notes: a third of n8n's bytes and half of its files.
const NEVER_LOADED = /\.(map|d\.[cm]?ts|tsbuildinfo)$/;

/** Whether a package's file is one that a running n8n never loads. */
export function isNeverLoaded(path: string): boolean {
	return NEVER_LOADED.test(path);
}
