/** Something between a program and its server that can cut the line. */
import { createConnection, createServer, type Socket } from 'node:net';

export interface Proxy {
  /** The server's address, through the proxy. */
  readonly url: string;
  /** Break every connection; new ones are taken again. */
  cut(): void;
  stop(): Promise<void>;
}

export async function startProxy(url: string): Promise<Proxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((inward) => {
    const outward = createConnection({ host: target.hostname, port: Number(target.port) });
    for (const [socket, other] of [
      [inward, outward],
      [outward, inward],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => (sockets.delete(socket), other.destroy()));
    }
    inward.pipe(outward);
    outward.pipe(inward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const through = new URL(url);
  through.port = String((server.address() as { port: number }).port);
  const cut = (): void => sockets.forEach((socket) => void socket.destroy());
  return {
    url: through.href,
    cut,
    stop: () => (cut(), new Promise((resolve) => server.close(() => resolve()))),
  };
}
