/** Runs one supervised process, to be killed by a test: prints the tree's mark and leader as JSON when it runs. */
import { readdirSync } from 'node:fs';
import { supervise } from '../../../activities/process/supervise.ts';

const [workdir = '.', ...command] = process.argv.slice(2);

await supervise(
  {
    command: command as [string, ...string[]],
    cwd: workdir,
    env: { PATH: '/usr/bin:/bin' },
    logPath: `${workdir}/out.log`,
    wallSeconds: 60,
  },
  {
    signal: new AbortController().signal,
    onStart: (pid) => process.stdout.write(`${JSON.stringify({ pid, files: readdirSync(workdir) })}\n`),
  },
);
