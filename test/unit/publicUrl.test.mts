import { describe, expect, it } from '@jest/globals';

import { findDeliveryProblem, isSameUrl } from '../../nodes/shared/publicUrl.ts';

const find = (url: string, environment = 'production') => findDeliveryProblem(url, { environment });

describe('findDeliveryProblem accepts', () => {
	it.each([
		'https://n8n.example.com/webhook/1/mindpeeker',
		'https://n8n.example.com:8443/webhook/1/mindpeeker',
		'https://52.52.52.52/webhook/1/mindpeeker',
		'https://172.15.0.1/',
		'https://172.32.0.1/',
		'https://[2606:4700::1111]/',
		'https://localhost.example.com/',
	])('%s', (url) => expect(find(url)).toBeUndefined());

	it.each(['https://127.0.0.1/', 'http://localhost:5678/'])('%s in a custom environment', (url) =>
		expect(find(url, 'custom')).toBeUndefined(),
	);
});

describe('findDeliveryProblem rejects', () => {
	it.each([
		['http://n8n.example.com/webhook/1', /https/],
		['', /valid/],
		['n8n.example.com', /valid/],
		['https://localhost:5678/', /localhost/],
		['https://LOCALHOST/', /localhost/],
		['https://localhost./', /localhost/],
		['https://n8n.localhost/', /private network/],
		['https://n8n.local/', /private network/],
		['https://n8n.internal/', /private network/],
		['https://n8n/', /private network/],
		['https://127.0.0.1/', /127\.0\.0\.1/],
		['https://127.1/', /127\.0\.0\.1/],
		['https://2130706433/', /127\.0\.0\.1/],
		['https://0.0.0.0/', /private network/],
		['https://10.1.2.3/', /private network/],
		['https://172.16.0.1/', /private network/],
		['https://172.31.255.255/', /private network/],
		['https://192.168.1.1/', /private network/],
		['https://169.254.169.254/', /private network/],
		['https://100.64.0.1/', /private network/],
		['https://[::1]/', /::1/],
		['https://[::]/', /private network/],
		['https://[fd00::1]/', /private network/],
		['https://[fe80::1]/', /private network/],
		['https://[::ffff:192.168.1.1]/', /private network/],
	])('%s', (url, reason) => expect(find(url)).toMatch(reason));
});

it('findDeliveryProblem names the URL, and the host without brackets and the trailing dot', () => {
	expect(find('https://[::1]/')).toBe(
		'MindPeeker cannot deliver to https://[::1]/: ::1 is an address inside a private network',
	);
	expect(find('https://n8n.local./')).toBe(
		'MindPeeker cannot deliver to https://n8n.local./: n8n.local is a name inside a private network',
	);
});

describe('isSameUrl', () => {
	it.each([
		['https://n8n.example.com/a', 'https://n8n.example.com/a', true],
		['https://N8N.example.com:443/a', 'https://n8n.example.com/a', true],
		['https://n8n.example.com/a', 'https://n8n.example.com/A', false],
		['https://n8n.example.com/a', 'https://n8n.example.com/a/b', false],
		['https://n8n.example.com/a', 'http://n8n.example.com/a', false],
		['https://n8n.example.com/webhook/1', 'https://n8n.example.com/webhook-test/1', false],
		['', 'https://n8n.example.com/', false],
		['no url', 'no url', true],
	])('%s and %s: %s', (a, b, isSame) => expect(isSameUrl(a, b)).toBe(isSame));
});
