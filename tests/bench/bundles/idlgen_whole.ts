/** All that idlgen wrote for user.yaml, and the whole runtime. */

export * from "./generated/_idlgen/index.js";
export * from "./generated/user/index.js";
export * from "./generated/user/validation.js";
