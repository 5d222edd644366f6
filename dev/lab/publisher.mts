import { PublishError, RestError } from './errors.mts';
import { pollUntil } from './pollUntil.mts';
import type { RestClient } from './restClient.mts';

/** Publishes workflows, as the editor of a version of n8n does. */
export interface Publisher {
	/** Whether saving a published workflow also publishes it. */
	readonly publishesOnSave: boolean;
	/** Rejects with a PublishError that contains n8n's message. */
	publish(id: string): Promise<void>;
	unpublish(id: string): Promise<void>;
}

interface PublicationStatus {
	status: 'in_progress' | 'not_published' | 'published' | 'partial' | 'failed';
	triggers: Array<{ errorMessage: string | null }>;
}

const PUBLICATION_MS = 60_000; // n8n retries for 15 s, and each attempt may be slow

/** n8n 2.x responds before it has called the triggers. */
export class PublicationService implements Publisher {
	readonly publishesOnSave = false;

	constructor(
		private readonly rest: RestClient,
		private readonly lastLines: () => string,
	) {}

	async publish(id: string): Promise<void> {
		const { versionId } = await this.rest.request<{ versionId: string }>('GET', `/workflows/${id}`);
		await rejectWithPublishError(id, async () => {
			await this.rest.request('POST', `/workflows/${id}/activate`, { versionId });
		});
		const { status, triggers } = await this.waitFor(id, 'published');
		if (status === 'published') return;
		const reasons = triggers.flatMap(({ errorMessage }) => errorMessage ?? []);
		throw new PublishError(id, reasons.length > 0 ? reasons : [`it is ${status}`]);
	}

	async unpublish(id: string): Promise<void> {
		await this.rest.request('POST', `/workflows/${id}/deactivate`, {});
		await this.waitFor(id, 'unpublished');
	}

	private async waitFor(
		id: string,
		expected: 'published' | 'unpublished',
	): Promise<PublicationStatus> {
		return await pollUntil({
			what: `workflow ${id} to be ${expected}`,
			timeoutMs: PUBLICATION_MS,
			poll: async () => {
				const path = `/workflows/${id}/publication-status`;
				const publication = await this.rest.request<PublicationStatus>('GET', path);
				// n8n reads running and finished publications separately, and may report neither for a moment.
				const isPublished = !/^(in_progress|not_published)$/.test(publication.status);
				const isDone =
					expected === 'published' ? isPublished : publication.status === 'not_published';
				return isDone ? publication : undefined;
			},
			hint: this.lastLines,
		});
	}
}

/** In n8n 1.x, a workflow is activated by saving it. n8n responds after it has called the triggers. */
export class Activator implements Publisher {
	readonly publishesOnSave = true;

	constructor(private readonly rest: RestClient) {}

	async publish(id: string): Promise<void> {
		await rejectWithPublishError(id, async () => await this.save(id, true));
	}

	async unpublish(id: string): Promise<void> {
		await this.save(id, false);
	}

	private async save(id: string, active: boolean): Promise<void> {
		await this.rest.request('PATCH', `/workflows/${id}`, { active });
	}
}

async function rejectWithPublishError(id: string, request: () => Promise<void>): Promise<void> {
	try {
		await request();
	} catch (error) {
		if (error instanceof RestError) throw new PublishError(id, [error.reason]);
		throw error;
	}
}
