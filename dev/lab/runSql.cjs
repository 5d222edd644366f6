// Executes an SQL statement in n8n's database and prints the rows as JSON.
// Arguments: the database, the statement. Needs the Node.js that runs n8n.
const { DatabaseSync } = require('node:sqlite');

const [, , file, statement] = process.argv;
const database = new DatabaseSync(file);
database.exec('PRAGMA busy_timeout = 10000');
console.log(JSON.stringify(database.prepare(statement).all()));
database.close();
