/** A socket that is sent to and never read: the parent stops this process once it is open. */
import { createSocket } from 'node:dgram';

const udp = createSocket('udp4');
udp.bind(0, '127.0.0.1', () => process.send?.(udp.address().port));
