/** How to use a simulator that runs at this origin, as plain text. */
export function usage(origin: string, apiKey: string): string {
	return `MindPeeker simulator, a stand-in for MindPeeker's service, at ${origin}

On its page you send events and watch what becomes of them, in a browser:
  Page         ${origin}/

In n8n, make a MindPeeker API credential:
  Environment  Custom
  Base URL     ${origin}/v1
  API Key      ${apiKey}

Send an event to every active webhook that chose its type:
  curl -X POST ${origin}/simulator/events -H "Content-Type: application/json" -d "{\\"type\\":\\"session.completed\\"}"

Read the log of deliveries, with each attempt:
  curl ${origin}/simulator/deliveries

Start a session, which progresses and emits its events:
  curl -X POST ${origin}/v1/sessions -H "Authorization: Bearer ${apiKey}" -H "Content-Type: application/json" -d "{\\"type\\":\\"remote_viewing\\",\\"target\\":\\"A lighthouse\\",\\"duration_minutes\\":1}"

The controls, which need no key:
  GET    /simulator/deliveries           ?webhookId= &url= &eventId= &eventType= &state=
  POST   /simulator/deliveries           {"webhookId", "body", "headers", "retry"}: any bytes, signed
  POST   /simulator/events               {"type", "data" or "payload", "id", "livemode", "createdAt"}
  GET    /simulator/event-types          with a sample payload of each
  GET    /simulator/requests             the calls of the management API
  GET    /simulator/webhooks             with their secrets
  POST   /simulator/webhooks/{id}/pause  behind the owner's back; /activate switches it on again
  POST   /simulator/webhooks/{id}/test   {"type"}: a test event for this webhook alone
  DELETE /simulator/webhooks/{id}        behind the owner's back
  GET    /simulator/stream               what happens, as server-sent events
  GET    /simulator/faults
  POST   /simulator/faults               {"on":"api","kind":"answer","status":503,"times":2}
  DELETE /simulator/faults               or one: /simulator/faults/{id}
`;
}
