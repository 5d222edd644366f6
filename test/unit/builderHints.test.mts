import { existsSync } from 'node:fs';
import type {
	IBuilderHint,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeTypeDescription,
	IParameterBuilderHint,
} from 'n8n-workflow';
import { describe, expect, it } from '@jest/globals';

import { MindPeeker } from '../../nodes/MindPeeker/MindPeeker.node.ts';
import { MindPeekerTrigger } from '../../nodes/MindPeekerTrigger/MindPeekerTrigger.node.ts';
import { EVENT_TYPES } from '../../nodes/shared/events/eventTypes.ts';

const PACKAGE = 'n8n-nodes-mindpeeker';
const PAGES = 'https://github.com/mindpeeker/n8n-nodes-mindpeeker/blob/main/';
/** n8n refuses to load a node with a hint on one of these. Their options may have hints. */
const DISCRIMINATORS = ['resource', 'operation', 'mode'];

const trigger: INodeTypeDescription = new MindPeekerTrigger().description;
const action: INodeTypeDescription = new MindPeeker().description;

type Entry = INodeProperties | INodePropertyOptions | INodePropertyCollection;

/** The hints of parameters, options and their values, such as `options.batchSize`. */
function findHints(
	entries: readonly Entry[],
	parents: readonly string[] = [],
): Array<[path: string, hint: IParameterBuilderHint]> {
	return entries.flatMap((entry) => {
		const path = [...parents, 'value' in entry ? String(entry.value) : entry.name];
		const children: Entry[] = 'values' in entry ? entry.values : [];
		if ('options' in entry && entry.options) children.push(...entry.options);
		const { builderHint } = entry;
		return [
			...(builderHint ? [[path.join('.'), builderHint] as [string, IParameterBuilderHint]] : []),
			...findHints(children, path),
		];
	});
}

const getText = (hint: IBuilderHint | IParameterBuilderHint): string =>
	'propertyHint' in hint ? hint.propertyHint : (hint.searchHint ?? '');

describe.each([
	{
		node: trigger,
		related: action,
		explained: [
			...['events', 'registration', 'output', 'options', 'options.acknowledge'],
			...['options.allowedIps', 'options.batchSize', 'options.deduplication'],
			...['options.minimumConfidence', 'options.simplify'],
		],
	},
	{
		node: action,
		related: trigger,
		explained: [
			...['operation.submit', 'operation.verify', 'operation.create', 'operation.getResults'],
			...['webhook', 'url', 'events', 'secretSource', 'sessionId', 'bodySource', 'signature'],
			...['options.batching', 'options.waitUntilCompleted', 'options.outputVerdict'],
		],
	},
])(
	"the hints of $node.displayName for n8n's AI workflow builder",
	({ node, related, explained }) => {
		const { searchHint = '', relatedNodes = [] } = node.builderHint ?? {};
		const hints = findHints(node.properties);
		const texts = [searchHint, ...hints.map(([, hint]) => getText(hint))];

		it('say when to use the other node instead', () => {
			expect(relatedNodes).toEqual([
				{ nodeType: `${PACKAGE}.${related.name}`, relationHint: expect.stringMatching(/\w/) },
			]);
		});

		it.each(explained)('explain %s', (path) => {
			expect(hints.map(([found]) => found)).toContain(path);
		});

		it('are at most 300 characters long', () => {
			expect(texts.filter((text) => text.length > 300)).toEqual([]);
		});

		it('name only event types that exist', () => {
			const types = EVENT_TYPES.map(({ type }) => type);
			const named = texts.flatMap((text) => text.match(/\b(session|analysis)\.[a-z_]+/g) ?? []);
			expect(named.filter((type) => !types.includes(type))).toEqual([]);
		});

		it('are not on a parameter on which n8n refuses them', () => {
			const paths = hints.map(([path]) => path);
			expect(paths.filter((path) => DISCRIMINATORS.includes(path.split('.').at(-1)!))).toEqual([]);
		});

		it('come with a link to a page that exists', () => {
			const { documentationUrl = '' } = node;
			expect(documentationUrl).toMatch(/^https:/);
			expect(existsSync(documentationUrl.replace(PAGES, ''))).toBe(true);
		});
	},
);
