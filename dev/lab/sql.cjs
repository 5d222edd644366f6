// Run by n8n's Node beside a running n8n: executes a statement in its database and prints the rows as JSON.
// Arguments: the database, the statement.
const { DatabaseSync } = require('node:sqlite');

const [, , file, statement] = process.argv;
const database = new DatabaseSync(file);
database.exec('PRAGMA busy_timeout = 10000');
console.log(JSON.stringify(database.prepare(statement).all()));
database.close();
