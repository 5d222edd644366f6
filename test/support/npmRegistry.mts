import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import express, { type Express } from 'express';
import { extract } from 'tar';

import { runNpm } from '../../dev/lab/npm.mts';

const HOST = 'registry.npmjs.org';
/** A self-signed certificate for {@link HOST}, created with `openssl req -x509`. */
const CERTIFICATE = join(import.meta.dirname, 'fixtures/registry-certificate.pem');
const KEY = join(import.meta.dirname, 'fixtures/registry-key.pem');

interface Version {
	version: string;
	dist: { integrity: string; tarball: string };
}

/** The document that `npm publish` sends. */
interface Publication {
	name: string;
	'dist-tags': Record<string, string>;
	versions: Record<string, Version>;
	_attachments?: Record<string, { data: string }>;
}

/**
 * A local npm registry. It stores what `npm publish` sends. n8n accepts another registry only with a license, so this
 * one is also a proxy, through which npm and n8n reach it at the name and port of npm's own.
 */
export class NpmRegistry {
	/** The hosts that clients asked the proxy for. Only npm's registry is reachable. */
	readonly requestedHosts = new Set<string>();
	private readonly folder = mkdtempSync(join(tmpdir(), 'mindpeeker-registry-'));
	private readonly packages = new Map<string, Publication>();
	private readonly tarballs = new Map<string, Buffer>();
	private lastIntegrity = '';
	private readonly tlsServer: Server;
	private readonly server: Server;

	constructor() {
		const app = this.createApp();
		const tls = { key: readFileSync(KEY), cert: readFileSync(CERTIFICATE) };
		this.tlsServer = createTlsServer(tls, app);
		this.server = createServer(app).on('connect', ({ url = '' }, socket) => {
			this.connect(url, socket);
		});
	}

	async start(): Promise<this> {
		await once(this.server.listen(0, '127.0.0.1'), 'listening');
		writeFileSync(join(this.folder, '.npmrc'), '');
		return this;
	}

	get origin(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	/** Environment variables with which npm and n8n use this registry instead of npm's. */
	get env(): Record<string, string> {
		return {
			HTTPS_PROXY: this.origin,
			NODE_EXTRA_CA_CERTS: CERTIFICATE,
			npm_config_cafile: CERTIFICATE,
			npm_config_cache: join(this.folder, 'cache'),
			npm_config_offline: 'false',
			npm_config_registry: `https://${HOST}/`,
			npm_config_userconfig: join(this.folder, '.npmrc'),
		};
	}

	/** Publishes a .tgz or a folder with npm. Returns the integrity that npm sent. */
	async publish(path: string): Promise<string> {
		const { host } = new URL(this.origin);
		const options = [
			`--registry=${this.origin}`,
			`--//${host}/:_authToken=test`,
			'--ignore-scripts',
		];
		await runNpm({ args: ['publish', path, ...options], cwd: this.folder, env: this.env });
		return this.lastIntegrity;
	}

	/** Publishes a .tgz with another version number. */
	async publishAs(version: string, tarball: string): Promise<string> {
		const folder = mkdtempSync(join(this.folder, 'package-'));
		await extract({ file: tarball, cwd: folder, strip: 1 });
		const file = join(folder, 'package.json');
		const manifest = JSON.parse(readFileSync(file, 'utf8')) as object;
		writeFileSync(file, JSON.stringify({ ...manifest, version }));
		return await this.publish(`${folder}/`);
	}

	/** The .tgz files, oldest first. */
	get published(): Buffer[] {
		return [...this.tarballs.values()];
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		this.tlsServer.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
		rmSync(this.folder, { recursive: true, force: true });
	}

	private connect(target: string, socket: Duplex): void {
		this.requestedHosts.add(target.replace(':443', ''));
		socket.on('error', () => socket.destroy());
		if (target !== `${HOST}:443`) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
		socket.write('HTTP/1.1 200 OK\r\n\r\n');
		this.tlsServer.emit('connection', socket);
	}

	private createApp(): Express {
		const app = express().use(express.json({ limit: '10mb' }));
		app.put('/:name', ({ body }, response) => {
			this.store(body as Publication);
			response.json({});
		});
		app.get('/:name/-/:file', ({ params }, response) => {
			response.send(this.tarballs.get(params.file));
		});
		app.get('/:name{/:version}', ({ params }, response) => {
			const publication = this.packages.get(params.name);
			const version = params.version && publication?.versions[params.version];
			const found = params.version ? version : publication;
			response.status(found ? 200 : 404).json(found || { error: 'Not found' });
		});
		return app;
	}

	private store({ _attachments: attachments = {}, ...publication }: Publication): void {
		const { name } = publication;
		const versions = { ...this.packages.get(name)?.versions, ...publication.versions };
		this.packages.set(name, { ...publication, versions });
		for (const { dist } of Object.values(publication.versions)) {
			dist.tarball = dist.tarball.replace(this.origin, `https://${HOST}`);
		}
		this.lastIntegrity = Object.values(publication.versions)[0]?.dist.integrity ?? '';
		for (const [file, { data }] of Object.entries(attachments)) {
			this.tarballs.set(file, Buffer.from(data, 'base64'));
		}
	}
}
