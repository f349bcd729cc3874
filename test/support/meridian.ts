/** Calling `./meridian` as a user does. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { CHECKOUT, homeFolder, homePaths } from '../../config/index.ts';
import { makeTestHome, removeTestHome, type TestHome } from '../../cli/testing/test-home.ts';

export interface CommandRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandPlace {
  readonly env: NodeJS.ProcessEnv;
  /** The checkout to run, ours if not given. */
  readonly checkout?: string;
}

/** Runs a program to its end. */
export function execute(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<CommandRun> {
  return new Promise((resolve) => {
    execFile(program, [...args], { env, cwd: '/', maxBuffer: 64 * 1024 ** 2 }, (error, stdout, stderr) => {
      const failed = typeof error?.code === 'number' ? error.code : 1;
      resolve({ status: error ? failed : 0, stdout, stderr });
    });
  });
}

/** Runs `./meridian` to its end. */
export const meridian = (args: readonly string[], { env, checkout = CHECKOUT }: CommandPlace): Promise<CommandRun> =>
  execute(join(checkout, 'meridian'), args, env);

/** A fresh home per call, with our tools in it; what runs in it is stopped after the test. */
export function meridianHomes(): () => TestHome {
  const homes: TestHome[] = [];
  afterEach(async () => {
    for (const home of homes.splice(0)) {
      await meridian(['down'], home);
      removeTestHome(home);
    }
  });
  return () => {
    const home = makeTestHome(homePaths(homeFolder()));
    homes.push(home);
    // What runs here is looked at as services, not as science: loading a catalogue takes longer than all the rest.
    return { ...home, env: { ...home.env, MERIDIAN_LOAD_NVSS: 'no' } };
  };
}
