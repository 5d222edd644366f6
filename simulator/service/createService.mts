import { DeliveryLog } from '../delivery/deliveryLog.mts';
import { Dispatcher } from '../delivery/dispatcher.mts';
import { Sender } from '../delivery/sender.mts';
import { FaultInjector } from '../faults/faultInjector.mts';
import { RateLimiter } from '../http/rateLimiter.mts';
import { RequestLog } from '../http/requestLog.mts';
import type { Settings } from '../options.mts';
import { Clock } from '../runtime/clock.mts';
import { EventBus } from '../runtime/eventBus.mts';
import { PendingTasks } from '../runtime/pendingTasks.mts';
import { SeededRandom } from '../runtime/seededRandom.mts';
import { Analyses } from './analyses.mts';
import { EventPublisher } from './eventPublisher.mts';
import { Sessions } from './sessions.mts';
import { Webhooks } from './webhooks.mts';

export type Service = ReturnType<typeof createService>;

/** Creates the simulated service without its HTTP server. */
export function createService(settings: Settings) {
	const { timeFactor, responseTimeoutMs, requestsPerMinute, rateLimitWindowMs, seed, tls } =
		settings;
	const random = new SeededRandom(seed);
	const clock = new Clock(timeFactor);
	const pendingTasks = new PendingTasks(clock.signal);
	const eventBus = new EventBus();
	const faults = new FaultInjector(random, eventBus);
	const deliveryLog = new DeliveryLog(eventBus);
	const webhooks = new Webhooks(random, eventBus);
	const sender = new Sender({ timeoutMs: responseTimeoutMs, ca: tls?.ca, signal: clock.signal });
	const dispatcher = new Dispatcher({
		clock,
		pendingTasks,
		sender,
		faults,
		deliveryLog,
		random,
		responseTimeoutMs,
	});
	const publisher = new EventPublisher({ webhooks, dispatcher, eventBus, random });
	return {
		settings,
		clock,
		pendingTasks,
		eventBus,
		faults,
		deliveryLog,
		webhooks,
		sender,
		publisher,
		sessions: new Sessions({ clock, pendingTasks, publisher, random }),
		analyses: new Analyses({ clock, pendingTasks, publisher, random }),
		requestLog: new RequestLog(eventBus),
		rateLimiter: new RateLimiter(requestsPerMinute, rateLimitWindowMs),
	};
}
