import { Activity } from './activity.mts';
import { Clock } from './clock.mts';
import { DeliveryLog } from './delivery/deliveryLog.mts';
import { Dispatcher } from './delivery/dispatcher.mts';
import { Sender } from './delivery/sender.mts';
import { Faults } from './faults/faults.mts';
import { RateLimit } from './http/rateLimit.mts';
import { RequestLog } from './http/requestLog.mts';
import { Live } from './live.mts';
import type { Settings } from './options.mts';
import { Analyses } from './platform/analyses.mts';
import { Publisher } from './platform/publisher.mts';
import { Sessions } from './platform/sessions.mts';
import { Webhooks } from './platform/webhooks.mts';
import { Seeded } from './seeded.mts';

export type Service = ReturnType<typeof createService>;

/** The parts of the simulated service, joined; nothing in here listens. */
export function createService(settings: Settings) {
	const { timeFactor, answerTimeoutMs, requestsPerMinute, minuteMs, seed, tls } = settings;
	const seeded = new Seeded(seed);
	const clock = new Clock(timeFactor);
	const activity = new Activity(clock.signal);
	const live = new Live();
	const faults = new Faults(seeded, live);
	const log = new DeliveryLog(live);
	const webhooks = new Webhooks(seeded, live);
	const sender = new Sender({ timeoutMs: answerTimeoutMs, ca: tls?.ca, signal: clock.signal });
	const dispatcher = new Dispatcher({
		clock,
		activity,
		sender,
		faults,
		log,
		seeded,
		answerTimeoutMs,
	});
	const publisher = new Publisher({ webhooks, dispatcher, live, seeded });
	return {
		settings,
		seeded,
		clock,
		activity,
		live,
		faults,
		log,
		webhooks,
		sender,
		publisher,
		sessions: new Sessions({ clock, activity, publisher, seeded }),
		analyses: new Analyses({ clock, activity, publisher, seeded }),
		requestLog: new RequestLog(live),
		rateLimit: new RateLimit(requestsPerMinute, minuteMs),
	};
}
