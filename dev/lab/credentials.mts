import type { Rest } from './rest.mts';

export interface CredentialImport {
	/** What workflows call it by. n8n gives an id of its own; `Workflows.import` puts that in. */
	id?: string;
	name: string;
	/** Such as `mindPeekerApi`. */
	type: string;
	data: Record<string, unknown>;
}

export interface CredentialTestResult {
	status: 'OK' | 'Error';
	/** n8n's text, as the editor shows it. */
	message: string;
}

/** n8n's credentials. Methods reject with a RestError where n8n refuses. */
export class Credentials {
	private readonly ids = new Map<string, string>();

	constructor(private readonly rest: Rest) {}

	/** Creates credentials and gives their ids. */
	async import(...credentials: CredentialImport[]): Promise<string[]> {
		const created: string[] = [];
		for (const { id: givenId, ...credential } of credentials) {
			const { id } = await this.rest.request<{ id: string }>('POST', '/credentials', credential);
			if (givenId) this.ids.set(givenId, id);
			created.push(id);
		}
		return created;
	}

	/** The id that n8n gave to a credential imported under this one. */
	idOf(givenId: string): string {
		return this.ids.get(givenId) ?? givenId;
	}

	/** Replaces a credential's data, as saving it in the editor does. */
	async update(id: string, credential: CredentialImport): Promise<void> {
		const { name, type, data } = credential;
		await this.rest.request('PATCH', `/credentials/${this.idOf(id)}`, { name, type, data });
	}

	/** n8n's own test of a credential, as the editor runs it after saving. */
	async test(id: string, credential: CredentialImport): Promise<CredentialTestResult> {
		return await this.rest.request('POST', '/credentials/test', {
			credentials: { ...credential, id: this.idOf(id) },
		});
	}
}
