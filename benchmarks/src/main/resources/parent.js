// The same as Parent.java with Node's own child_process.fork and send(message, handle).
'use strict';
const { fork } = require('child_process');
const net = require('net');
const readline = require('readline');

const TEXT = 'x'.repeat(76);
const LARGE = 'x'.repeat(64 * 1024);
const IN_FLIGHT = 64;

const child = fork(require('path').join(__dirname, 'child.js'));
let onReply = () => {};
child.on('message', (message) => onReply(message));

const server = net.createServer({ pauseOnConnect: true }, (socket) => child.send({ type: 'socket' }, socket));
server.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port));

const seconds = (start) => Number(process.hrtime.bigint() - start) / 1e9;

function calls(inFlight, millis) {
  return new Promise((resolve) => {
    const start = process.hrtime.bigint();
    let count = 0;
    let open = 0;
    const next = () => { open++; child.send({ type: 'echo', number: count++, text: TEXT }); };
    onReply = () => {
      open--;
      if (seconds(start) * 1000 < millis) { next(); }
      else if (open === 0) { resolve(count / seconds(start)); }
    };
    for (let i = 0; i < inFlight; i++) { next(); }
  });
}

function messages(type, text, batch, millis) {
  return new Promise((resolve) => {
    const start = process.hrtime.bigint();
    let count = 0;
    onReply = () => resolve(count / seconds(start));
    const round = () => {
      if (seconds(start) * 1000 >= millis) { child.send({ type: 'received' }); return; }
      let writable = true;
      for (let i = 0; i < batch; i++) { count++; writable = child.send({ type, number: 1, text }); }
      // there is no drain event, so wait for the callback of the last message when told to
      if (writable) { setImmediate(round); } else { count++; child.send({ type, number: 1, text }, () => round()); }
    };
    round();
  });
}

readline.createInterface({ input: process.stdin }).on('line', async (line) => {
  const [workload, millis] = line.split(' ');
  let rate;
  switch (workload) {
    case 'CALL_ONE': rate = await calls(1, +millis); break;
    case 'CALL_64': rate = await calls(IN_FLIGHT, +millis); break;
    case 'MESSAGES_100B': rate = await messages('message', TEXT, 50, +millis); break;
    case 'MESSAGES_64K': rate = await messages('text', LARGE, 1, +millis); break;
  }
  console.log('result ' + Math.round(rate));
}).on('close', () => { child.disconnect(); server.close(); process.exit(0); });
