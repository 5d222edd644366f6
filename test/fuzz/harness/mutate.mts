import fc from 'fast-check';

type Mutation = (bytes: Buffer) => Buffer;

const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const splice = (start: number, count: number, inserted: Uint8Array): Mutation =>
	function (bytes) {
		const at = Math.round(start * bytes.length);
		return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + count)]);
	};
/** Texts that parsers often get wrong. */
const TRICKY_TEXTS = [
	'',
	'\0',
	'"',
	'\\',
	'\\u0000',
	'\\ud800',
	'{',
	'}',
	'[',
	']',
	',',
	':',
	'::',
	'/',
	'%',
	'.',
	'-0',
	'1e999',
	'null',
	'true',
	'__proto__',
	'constructor',
	'sha256=',
	'\ufeff',
	'\u{1f52e}',
	' ',
	'\n',
	'['.repeat(200),
].map((text) => Buffer.from(text));
const piece = fc.oneof(
	fc.constantFrom(...TRICKY_TEXTS),
	fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
	fc.tuple(fraction, fc.nat(4), piece).map(([at, count, inserted]) => splice(at, count, inserted)),
	fc.tuple(fraction, fc.nat(7)).map(([at, bit]) => (bytes: Buffer) => {
		const mutated = Buffer.from(bytes);
		const index = Math.floor(at * (bytes.length - 1));
		if (bytes.length > 0) mutated[index]! ^= 1 << bit;
		return mutated;
	}),
	fraction.map((at) => (bytes: Buffer) => bytes.subarray(0, Math.round(at * bytes.length))),
	fc.tuple(fraction, fraction, fraction).map(([from, to, at]) => (bytes: Buffer) => {
		const [start, end] = [from, to].sort().map((edge) => Math.round(edge * bytes.length));
		return splice(at, 0, bytes.subarray(start, end))(bytes);
	}),
);

/** Generates valid values, unchanged or with a few mutations. */
export function mutate(valid: fc.Arbitrary<Buffer | string>): fc.Arbitrary<Buffer> {
	return fc
		.tuple(valid, fc.array(mutation, { maxLength: 4 }))
		.map(([value, mutations]) =>
			mutations.reduce<Buffer>((bytes, mutation) => mutation(bytes), Buffer.from(value as Buffer)),
		);
}
