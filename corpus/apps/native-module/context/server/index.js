const http = require("node:http");
const users = require("./users");

const server = http.createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://door");
  if (pathname !== "/enter") return response.writeHead(404).end();
  const name = searchParams.get("name");
  const known = users.matches(name, searchParams.get("word") ?? "");
  response.writeHead(known ? 200 : 403, { "content-type": "text/plain" });
  response.end(known ? `welcome, ${name}\n` : "who goes there?\n");
});

server.listen(process.env.PORT ?? 7000);
process.on("SIGTERM", () => server.close());
