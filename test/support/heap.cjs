// Preloaded into n8n: on SIGUSR2 it says what is in use of its heap once all garbage is gone.
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

process.on('SIGUSR2', () => {
	collectGarbage();
	console.log(`heap in use: ${process.memoryUsage().heapUsed}`);
});
