import crypto from 'node:crypto';
import { afterAll } from '@jest/globals';

const { scrypt, scryptSync } = crypto;
const FAST_OPTIONS = { N: 2 };
type Done = Parameters<typeof scrypt>[4];

/** Reduces the cost of scrypt in this test file. With the default cost, a digest takes as long as a hundred requests. */
export function useFastScrypt(): void {
	crypto.scryptSync = (password, salt, length) => scryptSync(password, salt, length, FAST_OPTIONS);
	crypto.scrypt = ((password: string, salt: string, length: number, done: Done) =>
		scrypt(password, salt, length, FAST_OPTIONS, done)) as typeof scrypt;
	afterAll(() => void Object.assign(crypto, { scrypt, scryptSync }));
}
