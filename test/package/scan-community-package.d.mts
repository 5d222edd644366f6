declare module '@n8n/scan-community-package/scanner/scanner.mjs' {
	/** Lints a package as n8n does before it verifies the package. */
	export function analyzePackage(
		packageDirectory: string,
		filePatterns?: string[],
	): Promise<{ passed: boolean; message?: string; details?: string }>;
	export const SOURCE_FILE_PATTERNS: string[];
}
