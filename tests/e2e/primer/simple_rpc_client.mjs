// The client of the primer that idlgen was asked for with, as it stands there.

export class SimpleRPCClient {
  constructor(serverUrl) {
    this.serverUrl = serverUrl;
    this.callId = 0;
  }

  async call(method, ...params) {
    const callId = ++this.callId;

    const request = {
      id: callId,
      method: method,
      params: params
    };

    try {
      const response = await fetch(this.serverUrl, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(request)
      });

      const result = await response.json();

      if (result.error) {
        throw new Error(result.error);
      }

      return result.result;
    } catch (error) {
      throw new Error(`RPC 호출 실패: ${error.message}`);
    }
  }
}
