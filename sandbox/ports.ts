import { createServer } from 'node:net';

const TRIES = 50;

/** The first free port on loopback from `first` on; any free one for 0. */
export async function freePort(first = 0): Promise<number> {
  for (let port = first; port < first + TRIES && port <= 65_535; port++) {
    const free = await tryPort(port);
    if (free !== null) return free;
  }
  throw new Error(`No free port between ${first} and ${first + TRIES - 1}.`);
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      // EACCES: reserved by the system, which for us is the same as taken.
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null));
    });
  });
}
