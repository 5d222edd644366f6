import { installN8n, startN8n, type N8n, type N8nOptions, type Release } from '../lab/index.mts';
import { buildPackage } from './buildPackage.mts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index.mts';

/** The credential, as workflows refer to it. */
export const CREDENTIAL = { mindPeekerApi: { id: 'mindpeeker', name: 'MindPeeker' } };

/** A real n8n with this package, and the simulator that its credential connects to. */
export interface TestEnvironment {
	n8n: N8n;
	simulator: Simulator;
	close(): Promise<void>;
}

export interface TestEnvironmentOptions {
	/** Default: the current version of n8n. */
	release?: Release;
	n8n?: Partial<N8nOptions>;
	simulator?: SimulatorOptions;
	onProgress?: (line: string) => void;
}

/** Builds the package and starts n8n and the simulator. Rejects with an error that the user can fix. */
export async function startEnvironment(
	options: TestEnvironmentOptions = {},
): Promise<TestEnvironment> {
	const { onProgress = () => {} } = options;
	const { installation, packages } = await prepareN8n(onProgress, options.release);
	const simulator = await startSimulator(options.simulator);
	try {
		onProgress('Starting n8n');
		const n8n = await startN8n({
			installation,
			...options.n8n,
			packages: [...packages, ...(options.n8n?.packages ?? [])],
			credentials: [createCredential(simulator)],
		});
		const close = async () => {
			await n8n.stop().finally(async () => await simulator.close());
		};
		return { n8n, simulator, close };
	} catch (error) {
		await simulator.close();
		throw error;
	}
}

/** Installs n8n and builds this package, if necessary. Rejects with an error that the user can fix. */
export async function prepareN8n(
	onProgress: (line: string) => void = () => {},
	release?: Release,
): Promise<Required<Pick<N8nOptions, 'installation' | 'packages'>>> {
	const installation = await installN8n({ release, onProgress });
	return { installation, packages: [await buildPackage(onProgress)] };
}

/** A credential for the simulator. `fields` overrides its fields. */
export function createCredential(simulator: Simulator, fields: Record<string, unknown> = {}) {
	const { id, name } = CREDENTIAL.mindPeekerApi;
	const { apiKey, baseUrl } = simulator;
	return {
		id,
		name,
		type: 'mindPeekerApi',
		data: { apiKey, environment: 'custom', baseUrl, ...fields },
	};
}
