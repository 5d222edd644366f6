import { isWithin, parseAddress, parseRange } from '../../shared/address';

/** The addresses that MindPeeker documents for its deliveries. */
export const MINDPEEKER_ADDRESSES = '52.52.52.52, 52.53.53.53';

/** The first entry of a list that is no address and no range; undefined where all are. */
export function findInvalidEntry(list: string): string | undefined {
	return entriesOf(list).find((entry) => parseRange(entry) === undefined);
}

/** Whether a peer is on the list: one that is not an address is not, and an invalid entry lets nobody in. */
export function isAllowed(peer: string | undefined, list: string): boolean {
	const address = parseAddress(peer ?? '');
	if (!address) return false;
	return entriesOf(list).some((entry) => {
		const range = parseRange(entry);
		return range !== undefined && isWithin(address, range);
	});
}

function entriesOf(list: string): string[] {
	return list.split(',').map((entry) => entry.trim());
}
