/** How to use the simulator at this origin, as plain text. */
export function createHelpText(origin: string, apiKey: string): string {
	return `MindPeeker simulator at ${origin}

Open the page in a browser to send events and watch their deliveries:
  Page         ${origin}/

In n8n, create a MindPeeker API credential:
  Environment  Custom
  Base URL     ${origin}/v1
  API Key      ${apiKey}

Send an event to each active webhook with its type:
  curl -X POST ${origin}/simulator/events -H "Content-Type: application/json" -d "{\\"type\\":\\"session.completed\\"}"

List the deliveries and their attempts:
  curl ${origin}/simulator/deliveries

Start a session. It progresses and sends its events:
  curl -X POST ${origin}/v1/sessions -H "Authorization: Bearer ${apiKey}" -H "Content-Type: application/json" -d "{\\"type\\":\\"remote_viewing\\",\\"target\\":\\"A lighthouse\\",\\"duration_minutes\\":1}"

Control API, without an API key:
${CONTROL_API.map(([method, path, description]) => `  ${method.padEnd(6)} ${path.padEnd(30)}  ${description}`.trimEnd()).join('\n')}
`;
}

const CONTROL_API = [
	['GET', '/simulator/deliveries', '?webhookId= &url= &eventId= &eventType= &state='],
	['POST', '/simulator/deliveries', '{"webhookId", "body", "headers", "retry"}: raw body, signed'],
	['POST', '/simulator/events', '{"type", "data" or "payload", "id", "livemode", "createdAt"}'],
	['GET', '/simulator/event-types', 'with sample payloads'],
	['GET', '/simulator/requests', 'requests to the management API'],
	['GET', '/simulator/webhooks', 'with their secrets'],
	['POST', '/simulator/webhooks/{id}/pause', 'or /activate'],
	['POST', '/simulator/webhooks/{id}/test', '{"type"}: test event for this webhook only'],
	['DELETE', '/simulator/webhooks/{id}', ''],
	['GET', '/simulator/stream', 'changes as server-sent events'],
	['GET', '/simulator/faults', ''],
	['POST', '/simulator/faults', '{"on":"api","kind":"response","status":503,"times":2}'],
	['DELETE', '/simulator/faults', 'all faults; /simulator/faults/{id} clears one'],
] as const;
