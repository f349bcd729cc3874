/**
 * One supervisor per home. The lock is an abstract socket: the kernel allows one holder and frees it when the holder
 * dies, so there is no stale lock to judge.
 */
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { createServer } from 'node:net';

/** Exit status of a supervisor that found another one at work. */
export const ALREADY_SUPERVISED = 9;

export interface HomeLock {
  release(): Promise<void>;
}

/** Takes the lock of a home; undefined when somebody else holds it. */
export function takeHomeLock(home: string): Promise<HomeLock | undefined> {
  const digest = createHash('sha256').update(realpathSync(home)).digest('hex').slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(`\0meridian-supervisor-${digest}`, () => {
      server.unref();
      resolve({ release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}
