import assert from "node:assert";
import { test } from "node:test";
import { convert } from "./index.js";

test("three teaspoons are a tablespoon", () => {
  assert.equal(convert("3", "teaspoon", "tablespoon"), "1");
});

test("what is no measure cannot be converted", () => {
  assert.throws(() => convert("1", "cup", "pinch"), RangeError);
});
