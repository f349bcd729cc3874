import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadConfig, type MeridianConfig } from '../../../config/index.ts';
import { type MeridianError } from '../../../domain/errors.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const newFolder = temporaryFolders();

interface Given {
  readonly file?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly flags?: Record<string, unknown>;
}

function load({ file, env, flags = {} }: Given): MeridianConfig {
  const home = newFolder();
  if (file !== undefined) writeFileSync(join(home, 'config.yaml'), file);
  return loadConfig({ env: { MERIDIAN_HOME: home, ...env }, flags });
}

function rejection(given: Given): MeridianError {
  try {
    load(given);
  } catch (error) {
    return error as MeridianError;
  }
  throw new Error('the configuration was accepted');
}

const sourceOf = (config: MeridianConfig, name: string): string | undefined =>
  config.settings.find((setting) => setting.name === name)?.source;

describe('a setting', () => {
  const file = 'compute:\n  cores: 3\n';
  const env = { MERIDIAN_COMPUTE_CORES: '5' };

  it('comes from a flag before the environment, the file and the default', () => {
    const fromFlag = load({ file, env, flags: { 'compute.cores': '7' } });
    const fromEnvironment = load({ file, env });
    const fromFile = load({ file });
    const fromDefault = load({});

    expect([fromFlag, fromEnvironment, fromFile].map(({ compute }) => compute.cores)).toEqual([7, 5, 3]);
    expect(fromDefault.compute.cores).toBeGreaterThan(0);
    expect(
      [fromFlag, fromEnvironment, fromFile, fromDefault].map((config) => sourceOf(config, 'compute.cores')),
    ).toEqual(['flag', 'environment MERIDIAN_COMPUTE_CORES', 'config.yaml', 'default']);
  });

  it('may be named as other programs of the field name it', () => {
    const config = load({
      env: { TEMPORAL_ADDRESS: 'temporal.example:7233', DATABASE_URL: 'postgres://db.example/m' },
    });

    expect(config.temporal).toMatchObject({ server: 'external', address: 'temporal.example:7233' });
    expect(config).toMatchObject({ database: 'external', databaseUrl: 'postgres://db.example/m' });
  });

  it('that lists folders is separated by colons in the environment', () => {
    expect(load({ env: { MERIDIAN_DATA_ROOTS: '/data/a:/data/b' } }).dataRoots).toEqual(['/data/a', '/data/b']);
  });
});

describe('a wrong configuration', () => {
  it('is refused with every wrong setting, what is wrong, and where it was set', () => {
    const error = rejection({
      file: 'compute:\n  cors: 3\nlog_level: loud\nstages:\n  imagine: { timeout_seconds: 5 }\n',
      env: { MERIDIAN_COMPUTE_CORES: 'many', TEMPORAL_ADDRESS: 'no port' },
    });

    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toMatch(/compute: unknown setting cors \(from .*config\.yaml\)/);
    expect(error.message).toMatch(/compute\.cores: .*number.* \(from environment MERIDIAN_COMPUTE_CORES\)/);
    expect(error.message).toMatch(/temporal\.address: must be host:port \(from environment TEMPORAL_ADDRESS\)/);
    expect(error.message).toMatch(/log_level: .*"info".* \(from .*config\.yaml\)/);
    expect(error.message).toMatch(/stages.*imagine/);
  });

  it('that is no YAML names the file', () => {
    expect(rejection({ file: 'compute: [1, 2\n' }).message).toMatch(/config\.yaml: /);
    expect(rejection({ file: '- a\n- b\n' }).message).toMatch(/config\.yaml: expected settings/);
  });
});

describe('stage policies', () => {
  it('keep the defaults that config.yaml does not name', () => {
    const standard = load({}).stagePolicies;

    const { stagePolicies } = load({ file: 'stages:\n  image: { timeout_seconds: 99999 }\n' });

    expect(stagePolicies).toEqual({ ...standard, image: { ...standard['image'], timeoutSeconds: 99999 } });
  });
});

describe('the embedded services', () => {
  it('have no address before their first start', () => {
    expect(load({})).toMatchObject({
      database: 'embedded',
      databaseUrl: undefined,
      gatewayUrl: undefined,
      ports: undefined,
    });
  });

  it('have the chosen ports and the kept password in their addresses', () => {
    const home = newFolder();
    for (const folder of ['run', 'pg']) mkdirSync(join(home, folder));
    const ports = { gateway: 2001, postgres: 2002, temporal: 2003, temporal_ui: 2004 };
    writeFileSync(join(home, 'run', 'ports.json'), JSON.stringify(ports));
    writeFileSync(join(home, 'pg', 'password'), 'secret\n');

    const config = loadConfig({ env: { MERIDIAN_HOME: home } });

    expect(config.databaseUrl).toBe('postgres://meridian:secret@127.0.0.1:2002/meridian');
    expect(config.temporal.address).toBe('127.0.0.1:2003');
    expect(config.gatewayUrl).toBe('http://127.0.0.1:2001');
  });
});
