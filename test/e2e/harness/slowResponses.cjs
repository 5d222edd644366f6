// Loaded into n8n with EXTERNAL_HOOK_FILES. Delays the responses to one webhook, by RESPONSE_DELAY_MS.
const { createRequire } = require('node:module');

const express = createRequire(process.argv[1])('express');
const { send } = express.response;
express.response.send = function (body) {
	if (!this.req.originalUrl.startsWith(process.env.SLOW_WEBHOOK)) return send.call(this, body);
	setTimeout(() => send.call(this, body), Number(process.env.RESPONSE_DELAY_MS));
	return this;
};
