const assert = require("node:assert");
const { test } = require("node:test");
const { matches } = require("../server/users");

test("only the right word opens", () => {
  assert.deepStrictEqual([matches("ada", "engine"), matches("ada", "moth"), matches("eve", "")], [true, false, false]);
});
