// A door in front of the server: everything passes through, and it can be shut, as a network can.
import { connect, createServer, type Socket } from 'node:net';

/** The door. */
export type Gate = {
  readonly port: number;
  /** Cuts all connections; new ones are accepted. */
  readonly cut: () => void;
  /** Cuts all connections and refuses new ones until it is opened. */
  readonly shut: () => void;
  readonly open: () => void;
  /** Nothing more gets through in that direction, and nobody is told; `release` ends it with all its connections. */
  readonly swallow: (what: 'requests' | 'answers') => void;
  readonly release: () => void;
  readonly close: () => Promise<void>;
};

/** Opens a door on a port of 127.0.0.1, 0 for any free one, to another port of the same. */
export const openGate = async (target: number, port: number): Promise<Gate> => {
  const sockets = new Set<Socket>();
  const pairs = new Set<{ readonly near: Socket; readonly far: Socket }>();
  let isShut = false;
  let swallowed: 'requests' | 'answers' | null = null;
  const swallowIn = ({ near, far }: { readonly near: Socket; readonly far: Socket }): void => {
    const [from, to] = swallowed === 'requests' ? [near, far] : [far, near];
    from.unpipe(to);
    from.resume();
  };
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const server = createServer((near) => {
    if (isShut) {
      near.destroy();
      return;
    }
    const far = connect({ port: target, host: '127.0.0.1' });
    const pair = { near, far };
    pairs.add(pair);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.setNoDelay(true);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        pairs.delete(pair);
        other.destroy();
      });
    }
    if (swallowed !== null) swallowIn(pair);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the gate has no port');
  return {
    port: address.port,
    cut,
    shut: () => {
      isShut = true;
      cut();
    },
    open: () => {
      isShut = false;
    },
    swallow: (what) => {
      swallowed = what;
      for (const pair of pairs) swallowIn(pair);
    },
    release: () => {
      swallowed = null;
      cut();
    },
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};
