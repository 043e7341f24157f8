import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What happens to the next bytes on the wire, counted from the moment it is set. */
export type WireFault =
  /** Resets the connection once this many bytes went up. */
  | { cutUpAfter: number }
  /** Resets the connection when the first byte of an answer comes down, once this many bytes went up. */
  | { loseAnswerAfter: number }
  /** Passes nothing on after this many bytes went up. */
  | { stallAfter: number };

export interface WireProxy {
  endpoint: string;
  /** Lets one fault happen; the first connection that it hits uses it up. */
  arm: (fault: WireFault) => void;
  disarm: () => void;
  close: () => Promise<void>;
}

/** A TCP proxy in front of any plain-HTTP store, which breaks connections at exact places. */
export async function startWireProxy(endpoint: string): Promise<WireProxy> {
  const upstream = new URL(endpoint);
  const sockets = new Set<Socket>();
  let fault: WireFault | null = null;
  let up = 0;

  const server = createServer((client) => {
    const store = connect(Number(upstream.port || 80), upstream.hostname);
    const pair = [client, store];
    let stalled = false;
    const cut = () => {
      fault = null;
      client.resetAndDestroy();
      store.resetAndDestroy();
    };
    for (const socket of pair) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        for (const other of pair) other.destroy();
      });
    }
    client.on('data', (chunk) => {
      if (stalled) return;
      up += chunk.length;
      if (fault && 'cutUpAfter' in fault && up >= fault.cutUpAfter) return cut();
      if (fault && 'stallAfter' in fault && up >= fault.stallAfter) {
        stalled = true;
        fault = null;
        client.pause();
        return;
      }
      if (!store.write(chunk)) client.pause();
    });
    store.on('drain', () => {
      if (!stalled) client.resume();
    });
    store.on('data', (chunk) => {
      if (stalled) return;
      if (fault && 'loseAnswerAfter' in fault && up >= fault.loseAnswerAfter) return cut();
      client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arm(next) {
      fault = next;
      up = 0;
    },
    disarm() {
      fault = null;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
