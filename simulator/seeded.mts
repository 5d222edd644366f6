import { createHash } from 'node:crypto';

/**
 * Everything random, drawn from a seed. A draw depends on its keys and not on the draws before it, so that a
 * run repeats itself although its deliveries overlap differently each time.
 */
export class Seeded {
	private readonly serials = new Map<string, number>();

	constructor(readonly seed: number) {}

	/** A number from 0 (included) to 1 (excluded). */
	fraction(...keys: Array<string | number>): number {
		return this.digest('fraction', ...keys).readUInt32BE() / 2 ** 32;
	}

	/** A new identifier, such as `evt_1234567890abcdef`. */
	id(prefix: string): string {
		const serial = (this.serials.get(prefix) ?? 0) + 1;
		this.serials.set(prefix, serial);
		return `${prefix}_${this.digest('id', prefix, serial).toString('hex', 0, 8)}`;
	}

	private digest(...keys: Array<string | number>): Buffer {
		return createHash('sha256')
			.update(JSON.stringify([this.seed, ...keys]))
			.digest();
	}
}
