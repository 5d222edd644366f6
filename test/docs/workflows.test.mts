import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

import type { WorkflowNode } from '../../dev/lab/index.mts';
import { READY_MADE, textOf, workflowOf } from '../support/readyMade.mts';

const STICKY_NOTE = 'n8n-nodes-base.stickyNote';
// A node is 96 by 96 on the canvas; below it stand its name and subtitle, which are wider.
const NODE = { left: 32, right: 128, top: 0, bottom: 160 };

interface Wire {
	node: string;
	type: string;
	index: number;
}
type Connections = Record<string, Record<string, Wire[][]>>;

interface Box {
	name: string;
	left: number;
	right: number;
	top: number;
	bottom: number;
}

function boxOf({ name, type, position: [x, y], parameters }: WorkflowNode): Box {
	if (type === STICKY_NOTE) {
		const { width, height } = parameters as { width: number; height: number };
		return { name, left: x, right: x + width, top: y, bottom: y + height };
	}
	const { left, right, top, bottom } = NODE;
	return { name, left: x - left, right: x + right, top: y - top, bottom: y + bottom };
}

const isOver = (one: Box, other: Box) =>
	one.left < other.right &&
	other.left < one.right &&
	one.top < other.bottom &&
	other.top < one.bottom;

const isWired = (connections: Connections, name: string) =>
	JSON.stringify(connections).includes(JSON.stringify(name));

it('the list of ready-made workflows names each, and links to it', () => {
	const list = readFileSync('workflows/README.md', 'utf8');
	const linked = [...list.matchAll(/\]\(([a-z-]+)\.json\)/g)].map(([, name]) => name);
	expect(linked.sort()).toEqual([...READY_MADE].sort());
});

describe.each(READY_MADE)('the ready-made workflow %s', (name) => {
	const text = textOf(name);
	const workflow = workflowOf(name);
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

	// `n8n import:workflow` adds neither: without the one it imports nothing, without the other nothing is delivered.
	it('has an id, and a webhook id for its trigger, which no other has', () => {
		expect(workflow.id).toMatch(/^\w{16}$/);
		const others = READY_MADE.filter((one) => one !== name).map(textOf);
		expect(others.join()).not.toContain(workflow.id);
		for (const { type, webhookId } of nodes) {
			if (!type.endsWith('.mindPeekerTrigger')) continue;
			expect(webhookId).toMatch(/^[0-9a-f-]{36}$/);
			expect(others.join()).not.toContain(webhookId);
		}
	});

	it('explains itself, above all how to set it up', () => {
		const about = notes.map(({ parameters }) => String(parameters.content)).join('\n');
		expect(about).toMatch(/^## .+[\s\S]*\*\*Set up\*\*/);
	});

	it('names its credential, and holds no id of one, no secret and nobody else’s host', () => {
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

	it('is wired from node to node, with none left over', () => {
		const names = nodes.map((node) => node.name);
		const ends = Object.values(connections).flatMap((outputs) => Object.values(outputs).flat(2));
		for (const start of Object.keys(connections)) expect(names).toContain(start);
		for (const { node } of ends) expect(names).toContain(node);
		expect(names.filter((name) => !isWired(connections, name))).toEqual([]);
	});

	it('lies on the canvas without one thing over another', () => {
		const boxes = workflow.nodes.map(boxOf);
		const pairs = boxes.flatMap((one, index) => boxes.slice(index + 1).map((two) => [one, two]));
		const over = pairs.filter(([one, other]) => isOver(one!, other!));
		expect(over.map(([one, other]) => `${one!.name} / ${other!.name}`)).toEqual([]);
		for (const { position } of workflow.nodes) {
			for (const coordinate of position) expect(Math.abs(coordinate % 16)).toBe(0);
		}
	});
});
