import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../../../simulator/index.mts';
import { NodeHost, getErrorText } from '../harness/nodeHost.mts';

let simulator: Simulator;
let host: NodeHost;

beforeEach(async () => {
	// A session of one minute takes 0.6 s.
	simulator = await startSimulator({ timeFactor: 100 });
	host = new NodeHost(simulator);
});
afterEach(async () => await simulator.close());

const getLastRequest = () => {
	const { method, path, body } = simulator.requests().at(-1)!;
	return { method, path, body };
};
const create = async (parameters = {}) => {
	const required = { sessionType: 'remote_viewing', target: 'A lighthouse' };
	const [session] = await host.json('session.create', { ...required, ...parameters });
	return session!;
};
const SHORT = { additionalFields: { durationMinutes: 1 } };

describe('Session: Create', () => {
	it('starts a session', async () => {
		expect(await create()).toEqual({
			session_id: expect.stringMatching(/^sess_/),
			status: 'initiated',
			created_at: expect.any(String),
			estimated_completion: expect.any(String),
		});
		expect(getLastRequest()).toEqual({
			method: 'POST',
			path: '/v1/sessions',
			body: { type: 'remote_viewing', target: 'A lighthouse' },
		});
	});

	it('sends all fields', async () => {
		const additionalFields = {
			modality: 'auditory',
			durationMinutes: 5,
			privacyLevel: 'classified',
		};
		await create({ additionalFields });
		expect(getLastRequest().body).toEqual({
			type: 'remote_viewing',
			target: 'A lighthouse',
			modality: 'auditory',
			duration_minutes: 5,
			privacy_level: 'classified',
		});
	});

	it('accepts a duration as a text', async () => {
		await create({ additionalFields: { durationMinutes: '5' } });
		expect(getLastRequest().body).toMatchObject({ duration_minutes: 5 });
	});

	it('rejects an empty target without a request', async () => {
		expect(await getErrorText(create({ target: ' ' }))).toMatch(/^Target is empty \[item 0\]/);
		expect(simulator.requests()).toEqual([]);
	});

	it('shows why the service rejected the request', async () => {
		expect(await getErrorText(create({ sessionType: 'guessing' }))).toMatch(
			/^MindPeeker rejected the request \(400: type must be one of .*\)\. \[item 0\] \| Check the parameters/,
		);
	});
});

describe('Session: Get', () => {
	it('returns state and progress', async () => {
		const { session_id: sessionId } = await create();
		expect(await host.json('session.get', { sessionId })).toEqual([
			{
				session_id: sessionId,
				status: 'initiated',
				progress: 0,
				current_phase: 'preparation',
				results_available: false,
				estimated_completion: expect.any(String),
			},
		]);
	});

	it('reports an unknown session', async () => {
		expect(await getErrorText(host.run('session.get', { sessionId: 'sess/no' }))).toMatch(
			/^MindPeeker has no session sess\/no \(404: There is no such session\)\. \[item 0\] \| Check the ID/,
		);
		expect(getLastRequest().path).toBe('/v1/sessions/sess%2Fno');
	});
});

describe('Session: Get Results', () => {
	const results = async (sessionId: unknown, options = {}) =>
		await host.json('session.getResults', { sessionId: String(sessionId), options });

	it('returns the results of a completed session', async () => {
		const { session_id: id } = await create(SHORT);
		await simulator.waitUntilIdle();
		expect(await results(id)).toMatchObject([
			{
				results: { descriptors: ['urban environment', 'water body nearby'] },
				metadata: { duration_minutes: 1 },
				validation_metrics: { accuracy: expect.any(Number) },
			},
		]);
	});

	it('reports that there are no results yet', async () => {
		const { session_id: id } = await create();
		expect(await getErrorText(results(id))).toMatch(
			new RegExp(
				`^The session ${id} has no results \\(409: .* initiated\\)\\. \\[item 0\\] \\| Only a completed session`,
			),
		);
	});

	it('waits until the session is completed if the option is set', async () => {
		const { session_id: id } = await create(SHORT);
		expect(await results(id, { waitUntilCompleted: true, pollInterval: 1 })).toHaveLength(1);
		expect(simulator.requests().length).toBeGreaterThan(3);
	});

	it('waits no longer than Wait at Most', async () => {
		const { session_id: id } = await create();
		const options = { waitUntilCompleted: true, maxWait: 0.02, pollInterval: 1 };
		expect(await getErrorText(results(id, options))).toMatch(
			/was not completed within 0\.02 minutes: it is (initiated|in_progress) \[item 0\] \| Increase Wait at Most/,
		);
	});

	it.each<[string, (key: string) => unknown, RegExp]>([
		['in one line', () => 'wait\ning', /: it is wait ing \[item 0\]/],
		['truncated', () => 'x'.repeat(1_000), /: it is x{300} \[item 0\]/],
		['without the API key', (key) => `waiting for ${key}`, /: it is waiting for … \[item 0\]/],
		['as unknown if it is not a text', () => ({ toString: '' }), /: it is unknown \[item 0\]/],
	])('shows the status of the service %s', async (_, createStatus, text) => {
		const body = { status: createStatus(simulator.apiKey) };
		simulator.faults.add({ on: 'api', kind: 'response', status: 200, body });
		const options = { waitUntilCompleted: true, maxWait: 0, pollInterval: 1 };
		expect(await getErrorText(results('sess_1', options))).toMatch(text);
	});

	it('does not wait for a failed session', async () => {
		const { session_id: id } = await create({ ...SHORT, target: 'to fail' });
		const options = { waitUntilCompleted: true, pollInterval: 1 };
		expect(await getErrorText(results(id, options))).toMatch(
			/is failed, and has no results.*\| Create another/,
		);
	});

	it('stops waiting for other sessions if one has failed', async () => {
		const { session_id: running } = await create({ additionalFields: { durationMinutes: 600 } });
		const { session_id: failed } = await create({ ...SHORT, target: 'to fail' });
		const items = [running, failed].map((id) => ({ json: { id } }));
		const options = { waitUntilCompleted: true, pollInterval: 1 };
		const parameters = { sessionId: '={{ $json.id }}', options };
		expect(await getErrorText(host.run('session.getResults', parameters, items))).toMatch(
			/is failed, and has no results.*\[item 1\]/,
		);
	});

	it('stops waiting when the execution is stopped', async () => {
		const { session_id: id } = await create();
		const before = Date.now();
		const waiting = getErrorText(results(id, { waitUntilCompleted: true, pollInterval: 60 }));
		setTimeout(() => host.cancel(), 300);
		expect(await waiting).toMatch(/The execution was stopped/);
		expect(Date.now() - before).toBeLessThan(50_000);
	});
});

describe('Analysis: Submit', () => {
	const submit = async (parameters = {}) =>
		await host.json('analysis.submit', { targetType: 'location', ...parameters });

	it('queues an analysis', async () => {
		expect(await submit()).toEqual([
			{
				analysis_id: expect.stringMatching(/^anal_/),
				status: 'queued',
				estimated_completion: expect.any(String),
			},
		]);
		expect(getLastRequest()).toEqual({
			method: 'POST',
			path: '/v1/analysis/targets',
			body: { target_type: 'location' },
		});
	});

	it('sends all fields', async () => {
		await submit({
			additionalFields: {
				analysisType: 'deep_dive',
				priority: 'urgent',
				photos: ['https://example.com/1.jpg'],
				documents: ['https://example.com/1.pdf'],
				coordinates: { values: { latitude: 40.7, longitude: -74 } },
			},
		});
		expect(getLastRequest().body).toEqual({
			target_type: 'location',
			analysis_type: 'deep_dive',
			priority: 'urgent',
			reference_material: {
				photos: ['https://example.com/1.jpg'],
				documents: ['https://example.com/1.pdf'],
				coordinates: { latitude: 40.7, longitude: -74 },
			},
		});
	});

	it.each<[string, object, object]>([
		['photos without blanks', { photos: ['', 'a.jpg', null] }, { photos: ['a.jpg'] }],
		['a document as a text', { documents: 'a.pdf' }, { documents: ['a.pdf'] }],
		[
			'coordinates as texts',
			{ coordinates: { values: { latitude: '-90', longitude: '-180' } } },
			{ coordinates: { latitude: -90, longitude: -180 } },
		],
	])('sends %s', async (_, additionalFields, reference) => {
		await submit({ additionalFields });
		expect(getLastRequest().body).toEqual({
			target_type: 'location',
			reference_material: reference,
		});
	});

	it.each(['Latitude', 'Longitude'])('rejects an invalid %s', async (title) => {
		const values = { latitude: 1, longitude: 1, [title.toLowerCase()]: 'north' };
		const submitting = submit({ additionalFields: { coordinates: { values } } });
		expect(await getErrorText(submitting)).toMatch(new RegExp(`^${title} must be a number`));
		expect(simulator.requests()).toEqual([]);
	});

	it('sends no reference material if the lists are empty', async () => {
		await submit({ additionalFields: { photos: [], documents: [''] } });
		expect(getLastRequest().body).toEqual({ target_type: 'location' });
	});
});

describe('Account: Get', () => {
	it('returns the account of the API key', async () => {
		expect(await host.json('account.get')).toMatchObject([{ email: 'viewer@example.com' }]);
		expect(getLastRequest()).toMatchObject({ method: 'GET', path: '/v1/users/me' });
	});

	it('reports a response that is not from the API', async () => {
		simulator.faults.add({ on: 'api', kind: 'response', status: 200, body: '<html>' });
		expect(await getErrorText(host.run('account.get'))).toMatch(
			/^The server at 127\.0\.0\.1:\d+ is not MindPeeker's API .*\[item 0\] \| Check the environment/,
		);
	});
});
