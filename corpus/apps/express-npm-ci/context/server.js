const fs = require("fs");
const path = require("path");
const express = require("express");
const dayjs = require("dayjs");

const greeting = fs.readFileSync(path.join(__dirname, "views", "greeting.txt"), "utf8").trim();
const app = express();
app.get("/greet/:name", (request, response) => {
  response.send(`${greeting}, ${request.params.name}: ${dayjs(0).isValid()} ${process.env.NODE_ENV}\n`);
});
app.listen(3000);
