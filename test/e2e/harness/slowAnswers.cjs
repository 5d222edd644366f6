// Loaded into n8n by EXTERNAL_HOOK_FILES: n8n sends each answer to a production webhook this much later.
const { createRequire } = require('node:module');

const express = createRequire(process.argv[1])('express');
const { send } = express.response;
express.response.send = function (body) {
	if (!this.req.originalUrl.startsWith('/webhook/')) return send.call(this, body);
	setTimeout(() => send.call(this, body), Number(process.env.ANSWER_DELAY_MS));
	return this;
};
