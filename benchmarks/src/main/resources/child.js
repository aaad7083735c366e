'use strict';
let received = 0;
process.on('message', (message, socket) => {
  switch (message.type) {
    case 'echo': process.send(message); break;
    case 'received': process.send({ received }); break;
    case 'socket': socket.destroy(); break;
    default: received++;
  }
});
process.on('disconnect', () => process.exit(0));
