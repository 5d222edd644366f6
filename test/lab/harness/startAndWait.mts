// Starts n8n, says where, and leaves it to whoever ends this process.
import { installN8n, startN8n } from '../../../dev/lab/index.mts';

const n8n = await startN8n({ installation: await installN8n(), editor: false });
console.log(JSON.stringify({ pid: n8n.pid, userFolder: n8n.userFolder }));
setInterval(() => {}, 60_000);
