import { setStage } from '../../testEnvironment/stage.mts';
import type { N8n } from '../../lab/index.mts';
import { freePorts } from '../../lab/ports.mts';
import type { Contender, Group } from './contenders/contender.mts';
import { gitHubTrigger } from './contenders/gitHub.mts';
import { mindPeekerTrigger } from './contenders/mindPeeker.mts';
import { packSmallestTrigger, smallestTrigger } from './contenders/smallest.mts';
import { webhookNode } from './contenders/webhookNode.mts';
import { ENGINES, type Engine } from './engines.mts';

/** One real n8n with every contender published. */
export interface Arena {
	n8n: N8n;
	contenders: Contender[];
	close(): Promise<void>;
}

export async function openArena(
	engine: Engine,
	onProgress: (line: string) => void,
): Promise<Arena> {
	const [port = 0] = await freePorts(1);
	const url = `http://127.0.0.1:${port}`; // n8n's GitHub trigger refuses localhost
	const stage = await setStage({
		onProgress,
		n8n: {
			port,
			editor: false,
			packages: [await packSmallestTrigger()],
			env: { WEBHOOK_URL: `${url}/`, ...ENGINES[engine] },
		},
	});
	const groups: Group[] = [
		mindPeekerTrigger(stage.simulator),
		webhookNode(url),
		await gitHubTrigger(),
		smallestTrigger(url),
	];
	const close = async () => {
		await stage.close();
		for (const group of groups) await group.close?.();
	};
	try {
		for (const { contenders, credentials = [] } of groups) {
			await stage.n8n.credentials.import(...credentials);
			for (const { workflow } of contenders) {
				await stage.n8n.workflows.import(workflow);
				await stage.n8n.workflows.publish(workflow.id);
			}
		}
	} catch (error) {
		await close();
		throw error;
	}
	return { n8n: stage.n8n, contenders: groups.flatMap(({ contenders }) => contenders), close };
}
