import type { ApiFault } from '../faults/fault.mts';
import type { RequestLog } from './requestLog.mts';

declare module 'fastify' {
	interface FastifyRequest {
		recorded?: ReturnType<RequestLog['add']>;
		fault?: ApiFault;
	}
}
