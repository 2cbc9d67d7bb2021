// The server of the primer that idlgen was asked for with, as it stands there.

export class SimpleRPCServer {
  constructor() {
    this.methods = new Map();
  }

  // 메서드 등록
  register(methodName, handler) {
    this.methods.set(methodName, handler);
  }

  // RPC 요청 처리
  async handleRequest(request) {
    const { id, method, params } = request;

    if (!this.methods.has(method)) {
      return {
        id,
        error: `메서드 '${method}'를 찾을 수 없습니다.`
      };
    }

    try {
      const handler = this.methods.get(method);
      const result = await handler(...params);

      return {
        id,
        result: result
      };
    } catch (error) {
      return {
        id,
        error: error.message
      };
    }
  }
}
