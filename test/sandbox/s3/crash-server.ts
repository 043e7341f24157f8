import { startS3 } from '../../../sandbox/s3/server.ts';
import { Bucket, credentials } from './identity.ts';

// A server in its own process, to be killed: `node crash-server.ts DIR` prints its port.
const server = await startS3({ dir: process.argv[2] as string, credentials, buckets: [Bucket] });
console.log(server.port);
