import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

// n8n-core writes into this folder as soon as it is imported.
const folder = mkdtempSync(join(tmpdir(), 'mindpeeker-integration-'));
process.env.N8N_USER_FOLDER = folder;

afterAll(() => rmSync(folder, { recursive: true, force: true }));
