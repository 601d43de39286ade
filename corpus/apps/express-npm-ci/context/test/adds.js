const assert = require("assert");
it("adds", () => assert.equal(1 + 1, 2));
