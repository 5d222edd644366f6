import type { IExecuteFunctions, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import type { ReceptionSettings } from './reception/receive';

/** How many events one execution may have at most. */
export const MAX_BATCH_SIZE = 1_000;
/** How long an answer may wait for further events, in milliseconds: well below MindPeeker's 5 s. */
export const MAX_BATCH_WINDOW_MS = 3_000;

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

export function readSettings(context: Context): Settings {
	// Only an execute function may name an item, and it has to.
	const read = (name: string, fallback: unknown): unknown =>
		'getInputData' in context
			? context.getNodeParameter(name, 0, fallback)
			: context.getNodeParameter(name, fallback);
	const options = { ...DEFAULTS, ...(read('options', {}) as Partial<Options>) };
	return withinLimits({
		...options,
		...(options.acknowledge === 'finished' && limitsOfFinished(options)),
		events: textsOf(read('events', [])),
		registration: read('registration', 'automatic') as Settings['registration'],
		output: read('output', 'single') as Settings['output'],
	});
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

/** An expression may give anything where the screen gives a number within its limits. */
function withinLimits(settings: Settings): Settings {
	return {
		...settings,
		batchSize: between(1, Math.floor(Number(settings.batchSize)), MAX_BATCH_SIZE),
		batchWindow: between(0, Number(settings.batchWindow), MAX_BATCH_WINDOW_MS),
	};
}

function between(least: number, value: number, most: number): number {
	return Math.min(Math.max(Number.isNaN(value) ? least : value, least), most);
}

/** An expression may give a single text where the screen gives a list. */
function textsOf(value: unknown): string[] {
	const values: unknown[] = Array.isArray(value) ? value : [value];
	return values.filter((entry): entry is string => typeof entry === 'string' && entry !== '');
}
