/** What generated clients are made of, and what their users import beside them. */

export { Batch } from "./batch.js";
export { Calls } from "./calls.js";
export type { Socket, SocketClass } from "./connection.js";
export { withCredentials } from "./credentials.js";
export type { ApiKeyOptions, Token, TokenOptions } from "./credentials.js";
export * from "./errors.js";
export { http } from "./http.js";
export type { HttpOptions } from "./http.js";
export type { Kind } from "./kinds.js";
export type { CallOptions, ClientOptions, Contract, Method } from "./methods.js";
export { Paged } from "./pages.js";
export type { PagedMethod, PageOptions, Pagination } from "./pages.js";
export { raw } from "./raw.js";
export type { RawAnswer } from "./raw.js";
export * from "./rpcerror.js";
export type { Shape } from "./shapes.js";
export { collect, stream } from "./streams.js";
export type {
  Asked,
  BatchTransport,
  Call,
  Items,
  ResponseHead,
  StreamCall,
  Transport,
} from "./transport.js";
export { validated } from "./validation.js";
export type { Expected, Validation } from "./validation.js";
export { webSocket } from "./websocket.js";
export type { ClosableTransport, WebSocketOptions } from "./websocket.js";
