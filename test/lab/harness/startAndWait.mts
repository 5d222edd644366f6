// Starts n8n, prints its process id and user folder, and waits to be killed.
import { installN8n, startN8n } from '../../../dev/lab/index.mts';

const n8n = await startN8n({ installation: await installN8n(), editor: false });
console.log(JSON.stringify({ pid: n8n.pid, userFolder: n8n.userFolder }));
setInterval(() => {}, 60_000);
