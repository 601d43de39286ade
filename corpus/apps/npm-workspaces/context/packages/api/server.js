import { convert } from "@kitchen/units";
import Koa from "koa";

const app = new Koa();

app.use((context) => {
  const { amount = "1", from = "cup", to = "tablespoon" } = context.query;
  try {
    context.body = { amount, from, to, result: convert(amount, from, to) };
  } catch (error) {
    context.throw(400, error.message);
  }
});

const server = app.listen(3000);
process.on("SIGTERM", () => server.close());
