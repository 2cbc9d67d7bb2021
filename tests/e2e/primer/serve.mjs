// node serve.mjs
// The primer's server program with Express replaced by node:http. Prints its port and
// serves until its standard input ends.

import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { SimpleRPCServer } from './simple_rpc_server.mjs';

const server = new SimpleRPCServer();

// 메서드 등록
server.register('add', (a, b) => a + b);
server.register('getUserById', async (id) => {
  // 데이터베이스에서 사용자 조회 로직
  return { id, name: '홍길동', email: 'hong@example.com' };
});
server.register('deleteUser', async (id) => {
  throw new Error(`사용자 ${id}를 삭제할 수 없습니다.`);
});

const app = createServer(async (req, res) => {
  if (req.method !== 'POST' || req.url !== '/rpc') {
    res.writeHead(404).end();
    return;
  }
  const response = await server.handleRequest(await json(req));
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.end(JSON.stringify(response));
});

app.listen(0, '127.0.0.1', () => console.log(app.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
