// Preloaded into every process that the lab starts. A pipe connects it with the lab's process. When the pipe closes,
// the lab's process has exited, and this process exits with all its child processes.
if (process.env.N8N_LAB_PARENT_PIPE) {
	const { Socket } = require('node:net');
	const fd = Number(process.env.N8N_LAB_PARENT_PIPE);
	delete process.env.N8N_LAB_PARENT_PIPE; // child processes do not inherit the pipe
	const pipe = new Socket({ fd, readable: true, writable: false });
	pipe.on('error', () => {});
	pipe.on('close', () => {
		// Each process of the lab leads its own process group.
		const target = process.platform === 'win32' ? process.pid : -process.pid;
		process.kill(target, 'SIGKILL');
	});
	pipe.resume();
	pipe.unref();
}
