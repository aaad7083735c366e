// node http.js <port> <single|rr|none>
const cluster = require('node:cluster');
const http = require('node:http');

const [port, mode] = process.argv.slice(2);

if (mode !== 'single') {
  cluster.schedulingPolicy = (mode === 'rr') ? cluster.SCHED_RR : cluster.SCHED_NONE;
}
if (mode !== 'single' && cluster.isPrimary) {
  cluster.fork();
  cluster.fork();
}
else {
  const server = http.createServer((request, response) => {
    response.setHeader('Content-Type', 'text/plain;charset=UTF-8');
    response.end('Hello, world');
  });
  server.listen(Number(port), '127.0.0.1');
}
