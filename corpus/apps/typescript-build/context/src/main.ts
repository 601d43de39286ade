import { readFileSync } from "node:fs";
import { join } from "node:path";
import fastify from "fastify";
import { shout } from "./words";

const rules = readFileSync(join(__dirname, "..", "public", "rules.txt"), "utf8");
const server = fastify();
server.get<{ Querystring: { word?: string } }>("/shout", async (request) => ({
  said: shout(request.query.word ?? "hello"),
  rules: rules.trim(),
}));
server.listen({ host: "0.0.0.0", port: 4000 });
