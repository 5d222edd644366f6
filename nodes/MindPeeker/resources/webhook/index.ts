import type { Resource } from '../../operation';
import { create } from './create';
import { deleteWebhook } from './delete';
import { get } from './get';
import { getAll } from './getAll';
import { sendTest } from './sendTest';
import { update } from './update';
import { upsert } from './upsert';

export const webhook: Resource = {
	value: 'webhook',
	name: 'Webhook',
	operations: [create, upsert, deleteWebhook, get, getAll, sendTest, update],
};
