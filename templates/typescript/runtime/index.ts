/** What generated clients are made of, and what their users import beside them. */

export * from "./calls.js";
export * from "./errors.js";
export { http } from "./http.js";
export type { HttpOptions } from "./http.js";
export type { CallOptions, ClientOptions, Contract, Method } from "./methods.js";
export type { Shape } from "./shapes.js";
export type { Call, Transport } from "./transport.js";
