import fc from 'fast-check';

/** One change of some bytes, at a place given as a share of their length. */
type Damage = (bytes: Buffer) => Buffer;

const share = fc.double({ min: 0, max: 1, noNaN: true });
const splice = (start: number, count: number, put: Uint8Array): Damage =>
	function (bytes) {
		const at = Math.round(start * bytes.length);
		return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + count)]);
	};
/** What parsers stumble over. */
const STUMBLING_BLOCKS = [
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
	fc.constantFrom(...STUMBLING_BLOCKS),
	fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
);
const damage: fc.Arbitrary<Damage> = fc.oneof(
	fc.tuple(share, fc.nat(4), piece).map(([at, count, put]) => splice(at, count, put)),
	fc.tuple(share, fc.nat(7)).map(([at, bit]) => (bytes: Buffer) => {
		const damaged = Buffer.from(bytes);
		const place = Math.floor(at * (bytes.length - 1));
		if (bytes.length > 0) damaged[place]! ^= 1 << bit;
		return damaged;
	}),
	share.map((at) => (bytes: Buffer) => bytes.subarray(0, Math.round(at * bytes.length))),
	fc.tuple(share, share, share).map(([from, to, at]) => (bytes: Buffer) => {
		const [start, end] = [from, to].sort().map((edge) => Math.round(edge * bytes.length));
		return splice(at, 0, bytes.subarray(start, end))(bytes);
	}),
);

/** Something valid, whole or with a few changes. */
export function damaged(valid: fc.Arbitrary<Buffer | string>): fc.Arbitrary<Buffer> {
	return fc
		.tuple(valid, fc.array(damage, { maxLength: 4 }))
		.map(([whole, changes]) =>
			changes.reduce<Buffer>((bytes, change) => change(bytes), Buffer.from(whole as Buffer)),
		);
}
