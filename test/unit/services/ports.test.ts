import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readPorts, type Ports } from '../../../config/index.ts';
import { choosePorts, type PortChoice } from '../../../services/ports.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const newFolder = temporaryFolders();
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function listen(port: number): Promise<void> {
  const server = createServer();
  servers.push(server);
  return new Promise((resolve) => server.listen({ port, host: '127.0.0.1' }, resolve));
}

function choose(file: string, ours: readonly (keyof Ports)[] = []): Promise<PortChoice> {
  return choosePorts({ file, requested: {}, inUseByUs: new Set(ours) });
}

describe('choosePorts', () => {
  it('keeps what it chose as long as that is free', async () => {
    const file = join(newFolder(), 'ports.json');
    const first = await choose(file);

    const second = await choose(file);

    expect(second).toEqual({ ports: first.ports, notes: [] });
    expect(readPorts(file)).toEqual(first.ports);
    expect(new Set(Object.values(first.ports)).size).toBe(4);
  });

  it('leaves a port to another program that took it, and says so', async () => {
    const file = join(newFolder(), 'ports.json');
    const { ports } = await choose(file);
    await listen(ports.temporal);

    const moved = await choose(file);

    expect(moved.ports).toEqual({ ...ports, temporal: moved.ports.temporal });
    expect(moved.ports.temporal).not.toBe(ports.temporal);
    expect(moved.notes).toEqual([expect.stringContaining(`port ${ports.temporal} (temporal) is in use`)]);
  });

  it('keeps a busy port on which our own service listens', async () => {
    const file = join(newFolder(), 'ports.json');
    const { ports } = await choose(file);
    await listen(ports.gateway);

    const again = await choose(file, ['gateway']);

    expect(again).toEqual({ ports, notes: [] });
  });
});
