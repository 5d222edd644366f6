// Preloaded into every process that the lab starts. Its end of a pipe closes when the lab's process
// is gone, however that ended; then this process and all it has started end, too.
if (process.env.N8N_LAB_GUARD === 'fd3') {
	delete process.env.N8N_LAB_GUARD; // what this process starts has no such pipe
	const { Socket } = require('node:net');
	const pipe = new Socket({ fd: 3, readable: true, writable: false });
	pipe.on('error', () => {});
	pipe.on('close', () => {
		// The lab starts each process as the leader of a group of its own.
		const all = process.platform === 'win32' ? process.pid : -process.pid;
		process.kill(all, 'SIGKILL');
	});
	pipe.resume();
	pipe.unref();
}
