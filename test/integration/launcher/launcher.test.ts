import { existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Finding } from '../../../cli/doctor/probe.ts';
import { CHECKOUT, homeFolder } from '../../../config/index.ts';
import { execute, meridian } from '../../support/meridian.ts';
import { addNodeAndNpm, sandboxCheckout } from '../../support/sandbox-checkout.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const newFolder = temporaryFolders();
const LIMIT_MS = 180_000;

describe('./meridian', () => {
  it(
    'runs with nothing but an empty HOME and the system PATH, and leaves one JSON document on stdout',
    async () => {
      const user = newFolder();
      const env = {
        HOME: user,
        PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
        MERIDIAN_HOME: homeFolder(),
        MERIDIAN_APT: 'no',
      };

      const run = await meridian(['config', '--json'], { env });

      expect(run.status).toBe(0);
      expect(JSON.parse(run.stdout)).toMatchObject({ home: homeFolder() });
      expect(readdirSync(user)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'sets up once, also when called twice at once, and says what it does on stderr',
    async () => {
      const sandbox = sandboxCheckout(newFolder());
      addNodeAndNpm(sandbox);

      const [one, two] = await Promise.all([
        meridian(['config', '--json'], sandbox),
        meridian(['config', '--json'], sandbox),
      ]);
      const again = await meridian(['config', '--json'], sandbox);

      for (const run of [one, two, again]) expect(JSON.parse(run.stdout)).toHaveProperty('settings');
      expect(sandbox.calls('npm', 'ci ')).toBe(1);
      expect(one.stderr + two.stderr).toMatch(/npm packages: done in \d+ s/);
      expect(one.stderr + two.stderr).toMatch(/program and workflow bundle: done in \d+ s/);
      expect(one.stderr + two.stderr).toContain('another set-up is running');
      expect(again.stderr).toBe('');
    },
    LIMIT_MS,
  );

  it(
    'builds again when a source changed, was added or was removed',
    async () => {
      const sandbox = sandboxCheckout(newFolder());
      addNodeAndNpm(sandbox);
      await meridian(['config'], sandbox);
      const source = join(sandbox.checkout, 'domain', 'passing.ts');
      writeFileSync(source, 'export const passing = 1;\n');

      const added = await meridian(['config'], sandbox);

      expect(added.stderr).toContain('program and workflow bundle: done');
      expect(added.stderr).not.toContain('npm packages');
      const built = join(sandbox.checkout, 'dist', 'domain', 'passing.js');
      expect(existsSync(built)).toBe(true);
      rmSync(source);
      await meridian(['config'], sandbox);
      expect(existsSync(built)).toBe(false);
    },
    LIMIT_MS,
  );
});

describe('a machine that lacks something', () => {
  it('is told which Node.js is needed and how to get it', async () => {
    const sandbox = sandboxCheckout(newFolder());
    sandbox.program('node', 'echo v18.19.0');

    const run = await meridian(['status'], sandbox);

    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/Node\.js 20 or newer is needed, found v18\.19\.0 \(.*\); get it from/);
    expect(run.stdout).toBe('');
  });

  it('is told which Python is needed when none of those found serves', async () => {
    const script = `set -eu; . '${CHECKOUT}/ops/bootstrap/find-programs.sh'; python_serves() { false; }; require_python`;

    const run = await execute('sh', ['-c', script], { HOME: newFolder(), PATH: '/usr/bin:/bin' });

    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(
      /Python 3\.11, 3\.12 or 3\.13 is needed, found Python \S+; on Debian and Ubuntu: apt-get/,
    );
  });

  it(
    'with Pythons that are found and do not run uses one that does',
    async () => {
      const sandbox = sandboxCheckout(newFolder());
      addNodeAndNpm(sandbox);
      for (const name of ['python3', 'python3.11', 'python3.12', 'python3.13']) {
        sandbox.program(name, 'echo "pyenv: $0: command not found" >&2\nexit 127');
      }

      const run = await meridian(['config', '--json'], sandbox);

      expect(run.status).toBe(0);
      expect(sandbox.calls('python3', '-c')).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );

  it('is told why a step failed, in one line, and where the whole log is', async () => {
    const sandbox = sandboxCheckout(newFolder());
    addNodeAndNpm(sandbox);
    const refusal = 'npm error code ENOTFOUND the registry registry.example is not reachable';
    const script = `[ "$1" = ci ] || { echo 10.0.0; exit; }\nmkdir -p node_modules\necho '${refusal}' >&2\nexit 1`;
    sandbox.program('npm', script);

    const run = await meridian(['status'], sandbox);
    const again = await meridian(['status'], sandbox);

    expect(run.status).toBe(1);
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain(`npm packages failed: ${refusal}`);
    expect(run.stderr).toContain(`full log: ${join(sandbox.env['MERIDIAN_HOME']!, 'logs', 'setup', 'npm.log')}`);
    expect(run.stderr).toContain('call ./meridian again');
    expect(again.stderr).toContain('npm packages failed');
  });

  it('works without WSClean and SWarp, and doctor says what that means', async () => {
    // A PATH that has what every machine has, and no radio astronomy.
    const bin = newFolder();
    for (const name of ['sh', 'setpriv']) symlinkSync(join('/usr/bin', name), join(bin, name));
    const program = join(CHECKOUT, 'dist', 'cli', 'main.js');
    const env = { HOME: newFolder(), PATH: bin, MERIDIAN_HOME: homeFolder() };

    const { status: exitStatus, stdout } = await execute(process.execPath, [program, 'doctor', '--json'], env);

    const { healthy, components } = JSON.parse(stdout) as { healthy: boolean; components: Finding[] };
    const finding = (name: string): Finding | undefined => components.find(({ component }) => component === name);
    expect(exitStatus).toBe(0);
    expect(healthy).toBe(true);
    expect(finding('wsclean')).toMatchObject({ status: 'warning', detail: expect.stringContaining('tclean') });
    expect(finding('wsclean')?.mend).toContain('apt-get install');
    expect(finding('swarp')).toMatchObject({ status: 'warning', detail: expect.stringContaining('reproject') });
    expect(finding('temporal')).toMatchObject({ status: 'ok', version: expect.stringMatching(/^\d/) });
  });
});
