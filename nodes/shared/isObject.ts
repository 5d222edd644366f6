import type { IDataObject } from 'n8n-workflow';

/** Whether something that came as JSON is an object, and neither a list nor null. */
export function isObject<T extends object = IDataObject>(value: unknown): value is T {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
