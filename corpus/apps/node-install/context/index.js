const fs = require("fs");
const http = require("http");
const _ = require("lodash");
const { WebSocketServer } = require("ws");

let served = 0;
const server = http.createServer((request, response) => {
  served += 1;
  fs.writeFileSync("served.txt", String(served));
  response.end(`pages served: ${_.last([0, Number(fs.readFileSync("served.txt"))])}\n`);
});
new WebSocketServer({ server });
server.listen(8080);
