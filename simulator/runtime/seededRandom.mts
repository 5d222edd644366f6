import { createHash } from 'node:crypto';

/**
 * Random numbers and ids from a seed. A number depends on its keys only, not on earlier numbers.
 * So a run is reproducible even if its deliveries overlap differently.
 */
export class SeededRandom {
	private readonly idCounts = new Map<string, number>();

	constructor(readonly seed: number) {}

	/** A number from 0 (inclusive) to 1 (exclusive). */
	fraction(...keys: Array<string | number>): number {
		return this.hash('fraction', ...keys).readUInt32BE() / 2 ** 32;
	}

	/** A new id, such as `evt_1234567890abcdef`. */
	id(prefix: string): string {
		const count = (this.idCounts.get(prefix) ?? 0) + 1;
		this.idCounts.set(prefix, count);
		return `${prefix}_${this.hash('id', prefix, count).toString('hex', 0, 8)}`;
	}

	private hash(...keys: Array<string | number>): Buffer {
		return createHash('sha256')
			.update(JSON.stringify([this.seed, ...keys]))
			.digest();
	}
}
