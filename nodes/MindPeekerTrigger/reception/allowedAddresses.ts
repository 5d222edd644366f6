import { isWithin, parseRange, parseSender } from '../../shared/address';

/** The addresses that MindPeeker documents for its deliveries. */
export const MINDPEEKER_ADDRESSES = '52.52.52.52, 52.53.53.53';

/** The first entry of a list that is no address and no range; undefined where all are. */
export function findInvalidEntry(list: string): string | undefined {
	return entriesOf(list).find((entry) => parseRange(entry) === undefined);
}

/** Whether a sender is on the list: one that is not an address is not, and an invalid entry lets nobody in. */
export function isAllowed(sender: string | undefined, list: string): boolean {
	const address = parseSender(sender ?? '');
	if (!address) return false;
	return entriesOf(list).some((entry) => {
		const range = parseRange(entry);
		return range !== undefined && isWithin(address, range);
	});
}

function entriesOf(list: string): string[] {
	return list.split(',').map((entry) => entry.trim());
}
