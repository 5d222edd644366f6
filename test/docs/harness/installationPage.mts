import { findCodeBlocks, type CodeBlock } from './pages.mts';
import { runProgram } from './runProgram.mts';

export const PAGE = 'docs/installation.md';
export const NAME = 'n8n-nodes-mindpeeker';

const findBlocks = (language: string) =>
	findCodeBlocks(language).filter(({ page }) => page === PAGE);

/** The page's files of variables: with the list of packages, for n8n 1.x, and for the update to n8n 3. */
export const [WITH_LIST, FOR_N8N_1, FOR_UPDATE] = findBlocks('dotenv');

/** The version in the list. */
export const [, VERSION = ''] = /"version":"([^"]+)"/.exec(WITH_LIST?.text ?? '') ?? [];

/** The variables of a block, with values for its examples. */
export function readVariables(
	block: CodeBlock | undefined,
	{ address, checksum }: { address: string; checksum: string },
): Record<string, string> {
	const lines = (block?.text ?? '')
		.replaceAll('https://n8n.example.com', address)
		.replaceAll('sha512-…', checksum)
		.trimEnd()
		.split('\n');
	return Object.fromEntries(lines.map((line) => line.split(/=(.*)/, 2)));
}

/** Runs the page's command that starts with a text, with another URL, and returns what it prints. */
export async function run(start: string, env: Record<string, string>, url = ''): Promise<string> {
	const command = findBlocks('bash').find(({ text }) => text.startsWith(start))?.text ?? '';
	return await runProgram('bash', ['-c', command.replace(/https:\S+/, url)], env);
}
