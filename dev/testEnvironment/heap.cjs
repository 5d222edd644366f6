// Preloaded into n8n. On SIGUSR2 it collects garbage and logs the heap in use.
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

process.on('SIGUSR2', () => {
	collectGarbage();
	console.log(`heap in use: ${process.memoryUsage().heapUsed}`);
});
