import type { IExecuteFunctions, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { toList } from '../shared/list';
import { toNumber } from '../shared/number';
import { findInvalidValue, onlyOffered } from './choices';
import { MAX_BATCH_SIZE, MAX_BATCH_WINDOW_MS } from './reception/batches';
import type { ReceptionSettings } from './reception/verdict';

/** What the user sets under "Options". */
interface Options extends Omit<ReceptionSettings, 'events'> {
	/** How many events one execution may have; 1 gives each its own. */
	readonly batchSize: number;
	/** How long the first event of an execution waits for others, in milliseconds. */
	readonly batchWindow: number;
	/** Whether the log says more. */
	readonly debug: boolean;
	/** Whether, and where, it is remembered which events were taken. */
	readonly deduplication: 'durable' | 'memory' | 'off';
	/** Whether the workflow gets the event's data on top instead of the event as it was sent. */
	readonly simplify: boolean;
	/** Whether MindPeeker is asked for a test delivery when the editor begins to listen. */
	readonly sendTestEvent: boolean;
}

/** The trigger's parameters. */
export interface Settings extends Options {
	/** The chosen types of events, or `*` among them. */
	readonly events: readonly string[];
	/** Who makes the webhook at MindPeeker: this node, or the user. */
	readonly registration: 'automatic' | 'manual';
	/** One output for all events, or one for each of the chosen. */
	readonly output: 'single' | 'perEvent';
}

/** What holds where the user set nothing: no optional check but deduplication. */
const DEFAULTS: Options = {
	acknowledge: 'received',
	batchSize: 1,
	batchWindow: 500,
	debug: false,
	deduplication: 'durable',
	livemode: 'all',
	maxEventAge: 0,
	minimumConfidence: 0,
	simplify: false,
	sendTestEvent: true,
};

type Context = IHookFunctions | IWebhookFunctions | IExecuteFunctions;

/** The settings in force; where an expression gives what the screen does not offer, the default. */
export function readSettings(context: Context): Settings {
	const { events, ...given } = readParameters(context);
	const values = onlyOffered({ ...DEFAULTS, ...given } as Omit<Settings, 'events'>);
	return withinLimits({
		...values,
		...(values.acknowledge === 'finished' && limitsOfFinished(values)),
		// An expression that finds nothing gives undefined, which must not let everybody in.
		...('allowedIps' in values && { allowedIps: String(values.allowedIps ?? '') }),
		events: textsOf(events),
	});
}

/** What the user, or an expression of the user's, gives that cannot be, as a sentence. */
export function findSettingsFault(context: Context): string | undefined {
	return findInvalidValue(readParameters(context));
}

function readParameters(context: Context): Record<string, unknown> {
	// Only an execute function may name an item, and it has to.
	const read = (name: string, fallback: unknown): unknown =>
		'getInputData' in context
			? context.getNodeParameter(name, 0, fallback)
			: context.getNodeParameter(name, fallback);
	return {
		...(read('options', {}) as object),
		events: read('events', []),
		registration: read('registration', 'automatic'),
		output: read('output', 'single'),
	};
}

/** While the editor listens for a test event, only address, signature, shape and type count. */
export function forTestEvent(settings: Settings): Settings {
	return {
		...settings,
		batchSize: DEFAULTS.batchSize,
		deduplication: 'off',
		livemode: DEFAULTS.livemode,
		maxEventAge: DEFAULTS.maxEventAge,
		minimumConfidence: DEFAULTS.minimumConfidence,
	};
}

/** Where the sender waits for the workflow, its retry has to run, and each event answers for itself. */
function limitsOfFinished({ deduplication }: Options): Partial<Options> {
	return {
		batchSize: DEFAULTS.batchSize,
		deduplication: deduplication === 'off' ? 'off' : 'memory',
	};
}

/**
 * A value that is not a number, or too small, becomes the minimum, which turns the option off. A maximum age that is not
 * a number becomes NaN instead: an empty expression must not let old events in.
 */
function withinLimits(settings: Settings): Settings {
	return {
		...settings,
		batchSize: between(1, Math.floor(toNumber(settings.batchSize)), MAX_BATCH_SIZE),
		batchWindow: between(0, toNumber(settings.batchWindow), MAX_BATCH_WINDOW_MS),
		maxEventAge: Math.max(0, toNumber(settings.maxEventAge)),
		minimumConfidence: between(0, toNumber(settings.minimumConfidence), 1),
	};
}

function between(least: number, value: number, most: number): number {
	return Math.min(Math.max(Number.isNaN(value) ? least : value, least), most);
}

/** An expression may return one text instead of a list. Entries that are not text name no event. */
function textsOf(value: unknown): string[] {
	return toList(value).filter((entry): entry is string => typeof entry === 'string');
}
