import type { INodePropertyOptions } from 'n8n-workflow';
import { describe, expect, it } from '@jest/globals';

import { options } from '../../nodes/MindPeekerTrigger/options.ts';
import { properties, subtitle } from '../../nodes/MindPeekerTrigger/properties.ts';

/** Evaluates the subtitle as n8n does. */
function getSubtitle(events: unknown): unknown {
	const expression = subtitle.replace(/^=\{\{|\}\}$/g, '');
	return new Function('$parameter', `return ${expression}`)({ events });
}

describe('the subtitle', () => {
	it.each<[unknown, string]>([
		[['session.completed'], 'Session Completed'],
		['dowsing.query_completed', 'Dowsing Query Completed'],
		[['system.maintenance_scheduled'], 'Maintenance Scheduled'],
		[['telepathy.received'], 'telepathy.received'],
		[['session.completed', 'session.failed', 'webhook.failed'], '3 events'],
		[['session.completed', '*'], 'All events'],
		['*', 'All events'],
		[[], ''],
	])('for %j is "%s"', (events, expected) => {
		expect(getSubtitle(events)).toBe(expected);
	});
});

describe('the descriptions of parameters and options', () => {
	const choices = [...properties, ...options].flatMap(({ type, options = [] }) =>
		type === 'options' ? (options as INodePropertyOptions[]) : [],
	);
	const texts = [...properties, ...options, ...choices].map(({ description = '' }) => description);

	it('have at most 200 characters', () => {
		expect(texts.filter((text) => text.length > 200)).toEqual([]);
	});
});
