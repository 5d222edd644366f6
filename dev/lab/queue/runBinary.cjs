// Runs a program that is not a script, so that it exits with the lab's process (see exitWithParent.cjs). Forwards signals.
// Arguments: the program and its arguments.
const { spawn } = require('node:child_process');

const [, , program, ...args] = process.argv;
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
for (const signal of ['SIGQUIT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
	console.error(String(error));
	process.exit(127);
});
child.on('exit', (code) => process.exit(code ?? 1));
