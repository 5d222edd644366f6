import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

import type { WorkflowNode } from '../../dev/lab/index.mts';
import {
	EXAMPLE_WORKFLOWS,
	readExample,
	loadExample,
} from '../../dev/testEnvironment/exampleWorkflows.mts';

const STICKY_NOTE = 'n8n-nodes-base.stickyNote';
// A node is 96 by 96 on the canvas; its name and subtitle below are wider.
const NODE = { left: 32, right: 128, top: 0, bottom: 160 };

interface Connection {
	node: string;
	type: string;
	index: number;
}
type Connections = Record<string, Record<string, Connection[][]>>;

interface Box {
	name: string;
	left: number;
	right: number;
	top: number;
	bottom: number;
}

function toBox({ name, type, position: [x, y], parameters }: WorkflowNode): Box {
	if (type === STICKY_NOTE) {
		const { width, height } = parameters as { width: number; height: number };
		return { name, left: x, right: x + width, top: y, bottom: y + height };
	}
	const { left, right, top, bottom } = NODE;
	return { name, left: x - left, right: x + right, top: y - top, bottom: y + bottom };
}

const overlaps = (one: Box, other: Box) =>
	one.left < other.right &&
	other.left < one.right &&
	one.top < other.bottom &&
	other.top < one.bottom;

const isConnected = (connections: Connections, name: string) =>
	JSON.stringify(connections).includes(JSON.stringify(name));

it('workflows/README.md links to every example workflow', () => {
	const list = readFileSync('workflows/README.md', 'utf8');
	const linked = [...list.matchAll(/\]\(([a-z-]+)\.json\)/g)].map(([, name]) => name);
	expect(linked.sort()).toEqual([...EXAMPLE_WORKFLOWS].sort());
});

describe.each(EXAMPLE_WORKFLOWS)('the example workflow %s', (name) => {
	const text = readExample(name);
	const workflow = loadExample(name);
	const connections = workflow.connections as Connections;
	const notes = workflow.nodes.filter(({ type }) => type === STICKY_NOTE);
	const nodes = workflow.nodes.filter(({ type }) => type !== STICKY_NOTE);

	it('is inactive, and has ids and no pinned data', () => {
		expect(workflow).toMatchObject({ name: expect.stringMatching(/^MindPeeker: /), active: false });
		expect(Object.keys(workflow).sort()).toEqual([
			'active',
			'connections',
			'id',
			'name',
			'nodes',
			'settings',
		]);
		const ids = workflow.nodes.map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
		for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
	});

	// `n8n import:workflow` adds neither. It skips a workflow without an id, and a trigger without a webhook id gets no deliveries.
	it('has a unique id, and a unique webhook id for its trigger', () => {
		expect(workflow.id).toMatch(/^\w{16}$/);
		const others = EXAMPLE_WORKFLOWS.filter((one) => one !== name).map(readExample);
		expect(others.join()).not.toContain(workflow.id);
		for (const { type, webhookId } of nodes) {
			if (!type.endsWith('.mindPeekerTrigger')) continue;
			expect(webhookId).toMatch(/^[0-9a-f-]{36}$/);
			expect(others.join()).not.toContain(webhookId);
		}
	});

	it('explains in a note how to set it up', () => {
		const about = notes.map(({ parameters }) => String(parameters.content)).join('\n');
		expect(about).toMatch(/^## .+[\s\S]*\*\*Set up\*\*/);
	});

	it('names its credential, and contains no credential id, secret or foreign host', () => {
		const credentials = nodes.flatMap((node) => Object.values(node.credentials ?? {}));
		expect(credentials.length).toBeGreaterThan(0);
		for (const credential of credentials) {
			expect(credential).toEqual({ id: null, name: 'MindPeeker' });
		}
		expect(text).not.toMatch(/\b[0-9a-f]{32,}\b|Bearer|api_?key|"secret"/i);
		const hosts = [...text.matchAll(/\b[a-z]+:\/\/([^/"\s]+)/g)].map(([, host]) => host);
		for (const host of hosts) expect(host).toMatch(/\.example\.com$/);
		expect(text).not.toMatch(/localhost|\b\d+\.\d+\.\d+\.\d+\b/);
	});

	it('connects all nodes', () => {
		const names = nodes.map((node) => node.name);
		const targets = Object.values(connections).flatMap((outputs) => Object.values(outputs).flat(2));
		for (const start of Object.keys(connections)) expect(names).toContain(start);
		for (const { node } of targets) expect(names).toContain(node);
		expect(names.filter((name) => !isConnected(connections, name))).toEqual([]);
	});

	it('has no overlapping nodes or notes on the canvas', () => {
		const boxes = workflow.nodes.map(toBox);
		const pairs = boxes.flatMap((one, index) => boxes.slice(index + 1).map((two) => [one, two]));
		const overlapping = pairs.filter(([one, other]) => overlaps(one!, other!));
		expect(overlapping.map(([one, other]) => `${one!.name} / ${other!.name}`)).toEqual([]);
		for (const { position } of workflow.nodes) {
			for (const coordinate of position) expect(Math.abs(coordinate % 16)).toBe(0);
		}
	});
});
