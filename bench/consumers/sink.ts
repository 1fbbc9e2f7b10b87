/** A socket to which things are sent and that nobody reads: its parent stops this process once it is there. */
import { createSocket } from 'node:dgram';

const udp = createSocket('udp4');
udp.bind(0, '127.0.0.1', () => process.send?.(udp.address().port));
