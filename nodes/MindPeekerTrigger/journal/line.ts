import type { Finding, Outcome } from './finding';

export type Level = 'info' | 'warn' | 'error';

/** Which node of which workflow the log tells of. */
export interface Place {
	readonly workflowId: string;
	readonly workflowName: string;
	readonly nodeName: string;
}

export interface Line {
	readonly level: Level;
	/** All of it, for n8n's plain log shows nothing else. */
	readonly message: string;
	/** The same for n8n's JSON log. */
	readonly metadata: Record<string, unknown>;
}

const MAX_NAME_LENGTH = 256;

const LEVELS: Record<Outcome, Level> = {
	accepted: 'info',
	duplicate: 'info',
	ignored: 'info',
	early: 'warn',
	'not taken': 'warn',
	'not here': 'warn',
	forbidden: 'warn',
	unauthorised: 'warn',
	malformed: 'warn',
	failed: 'error',
};

/** The line about one delivery. */
export function lineOf(finding: Finding, place: Place): Line {
	const { outcome, event, address, status, details = [], oddities = [] } = finding;
	const durationMs = Math.round(finding.durationMs);
	const reason = finding.reason && printable(finding.reason);
	const from = address === undefined ? undefined : printable(address);
	const what = event
		? `${printable(event.type)} ${printable(event.id)}`
		: `a delivery from ${from ?? 'an unknown address'}`;
	const because = reason ? ` (${reason})` : '';
	const more = [...oddities, ...details].map((detail) => `; ${printable(detail)}`).join('');
	return {
		level: levelOf(finding),
		message: sentence(
			`${outcome}${because}: ${what}, answered ${status} in ${durationMs} ms${more}`,
			place,
		),
		metadata: {
			...place,
			outcome,
			reason,
			...(oddities.length > 0 && { oddities }),
			eventId: event?.id,
			eventType: event?.type,
			address: from,
			status,
			durationMs,
		},
	};
}

/** An event that its time keeps out never starts the workflow, which its owner may not expect. */
function levelOf({ outcome, reason = '', oddities = [] }: Finding): Level {
	const isUnexpected = /^too (old|far)/.test(reason) || oddities.length > 0;
	return isUnexpected ? 'warn' : LEVELS[outcome];
}

/** What stands around each line. */
export function sentence(text: string, { workflowId, workflowName, nodeName }: Place): string {
	return `MindPeeker Trigger: ${text} [workflow "${printable(workflowName)}" (${workflowId}), node "${printable(nodeName)}"]`;
}

/** In one line, without anything that a terminal would act on, and no longer than a name may be. */
export function printable(text: string, maxLength = MAX_NAME_LENGTH): string {
	return text
		.slice(0, maxLength)
		.replace(
			/[^\x20-\x7e]/g,
			(character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
		);
}
