/** What generated clients are made of, and what their users import beside them. */

export { Batch } from "./batch.js";
export * from "./calls.js";
export type { Socket, SocketClass } from "./connection.js";
export * from "./errors.js";
export { http } from "./http.js";
export type { HttpOptions } from "./http.js";
export type { Kind } from "./kinds.js";
export type { CallOptions, ClientOptions, Contract, Method } from "./methods.js";
export type { Shape } from "./shapes.js";
export type { BatchTransport, Call, Items, StreamCall, Transport } from "./transport.js";
export { validated } from "./validation.js";
export type { Expected, Validation } from "./validation.js";
export { webSocket } from "./websocket.js";
export type { ClosableTransport, WebSocketOptions } from "./websocket.js";
