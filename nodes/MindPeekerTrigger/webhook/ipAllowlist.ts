import { isInRange, parseForwardedAddress, parseIpRange } from '../../shared/ipAddress';

/** Finds the first entry of the list that is not an address or a range. */
export function findInvalidEntry(list: string): string | undefined {
	return splitList(list).find((entry) => parseIpRange(entry) === undefined);
}

/** Whether the list contains the sender's address. Invalid senders and entries match nothing. */
export function isAllowed(sender: string | undefined, list: string): boolean {
	const address = parseForwardedAddress(sender ?? '');
	if (!address) return false;
	return splitList(list).some((entry) => {
		const range = parseIpRange(entry);
		return range !== undefined && isInRange(address, range);
	});
}

function splitList(list: string): string[] {
	return list.split(',').map((entry) => entry.trim());
}
