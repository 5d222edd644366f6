import type { RestClient } from './restClient.mts';

export interface CredentialImport {
	/** The id that imported workflows refer to. n8n assigns another one, which `Workflows.import` fills in. */
	id?: string;
	name: string;
	/** Such as `mindPeekerApi`. */
	type: string;
	data: Record<string, unknown>;
}

export interface CredentialTestResult {
	status: 'OK' | 'Error';
	/** The text that the editor shows. */
	message: string;
}

/** n8n's credentials. Methods reject with a RestError. */
export class Credentials {
	private readonly ids = new Map<string, string>();

	constructor(private readonly rest: RestClient) {}

	/** Creates credentials and returns their ids. */
	async import(...credentials: CredentialImport[]): Promise<string[]> {
		const created: string[] = [];
		for (const { id: givenId, ...credential } of credentials) {
			const { id } = await this.rest.request<{ id: string }>('POST', '/credentials', credential);
			if (givenId) this.ids.set(givenId, id);
			created.push(id);
		}
		return created;
	}

	/** The id that n8n assigned to an imported credential. */
	resolveId(givenId: string): string {
		return this.ids.get(givenId) ?? givenId;
	}

	/** Saves a credential as the editor does. */
	async update(id: string, credential: CredentialImport): Promise<void> {
		const { name, type, data } = credential;
		await this.rest.request('PATCH', `/credentials/${this.resolveId(id)}`, { name, type, data });
	}

	/** Tests a credential as the editor does after saving it. */
	async test(id: string, credential: CredentialImport): Promise<CredentialTestResult> {
		return await this.rest.request('POST', '/credentials/test', {
			credentials: { ...credential, id: this.resolveId(id) },
		});
	}
}
