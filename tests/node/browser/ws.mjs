// Stands for `ws` in a browser, which has a WebSocket of its own.
export const { WebSocket } = globalThis;
