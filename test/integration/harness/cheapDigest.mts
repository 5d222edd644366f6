import crypto from 'node:crypto';
import { afterAll } from '@jest/globals';

const { scrypt, scryptSync } = crypto;
const CHEAP = { N: 2 };
type Done = Parameters<typeof scrypt>[4];

/**
 * Makes the digests of secrets and API keys quick to compute for the tests of a file, which need many.
 * They are slow on purpose: with N = 16,384, each takes as long as a hundred requests.
 */
export function useCheapDigests(): void {
	crypto.scryptSync = (password, salt, length) => scryptSync(password, salt, length, CHEAP);
	crypto.scrypt = ((password: string, salt: string, length: number, done: Done) =>
		scrypt(password, salt, length, CHEAP, done)) as typeof scrypt;
	afterAll(() => void Object.assign(crypto, { scrypt, scryptSync }));
}
