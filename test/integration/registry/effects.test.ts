import { expect, it } from '@jest/globals';
import type { AttemptOwner, EffectClaim, EffectIdentity } from '../../../registry/index.ts';
import { useRegistry } from '../../support/postgres.ts';
import { aProduct } from '../../support/rows.ts';

const registry = useRegistry();

let number = 0;
const anEffect = (): EffectIdentity => ({
  key: `convert/unit/${(number += 1)}`,
  stage: 'convert',
  stageVersion: 1,
  unit: 'unit',
  spec: { files: ['a'] },
  inputHashes: ['ab'],
});

const owner = (attempt = 1, runId = 'run-1'): AttemptOwner => ({
  workflowId: 'ms/2026-01-25T22:26:05/v1',
  runId,
  attempt,
  jobId: null,
  groupId: null,
  worker: 'host pid 1',
  logFolder: null,
});

const claim = (effect: EffectIdentity, redoVersion?: number): Promise<EffectClaim | undefined> =>
  registry().transaction((tx) => tx.effects.claim(effect, owner(), redoVersion));

const mustClaim = async (effect: EffectIdentity, redoVersion?: number): Promise<EffectClaim> => {
  const claimed = await claim(effect, redoVersion);
  if (claimed === undefined) throw new Error('not claimed');
  return claimed;
};

const complete = (held: EffectClaim): Promise<void> =>
  registry().transaction(async (tx) => {
    await tx.effects.requireClaim(held);
    await tx.effects.complete(held, { ok: true });
  });

it('lets only the newest attempt commit', async () => {
  const effect = anEffect();
  const old = await mustClaim(effect);
  const current = await mustClaim(effect);

  await expect(complete(old)).rejects.toMatchObject({ code: 'FENCED_OUT' });
  await expect(complete(current)).resolves.toBeUndefined();
  expect(await registry().effects.find(effect.key)).toMatchObject({ state: 'done', result: { ok: true } });
});

it('writes nothing on behalf of an attempt that was fenced out', async () => {
  const effect = anEffect();
  const old = await mustClaim(effect);
  await mustClaim(effect);
  const product = aProduct();
  const late = registry().transaction(async (tx) => {
    await tx.products.insert(product);
    await tx.effects.requireClaim(old);
  });

  await expect(late).rejects.toMatchObject({ code: 'FENCED_OUT' });
  expect(await registry().products.find(product.id)).toBeUndefined();
});

it('gives each of many claims at the same time its own token, and one commit', async () => {
  const effect = anEffect();
  const claims = await Promise.all(Array.from({ length: 8 }, () => mustClaim(effect)));
  const results = await Promise.allSettled(claims.map(complete));

  expect(claims.map(({ token }) => token).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

it('holds a new claim back while an older one is committing, and then says that it is done', async () => {
  const effect = anEffect();
  const held = await mustClaim(effect);
  let later: Promise<EffectClaim | undefined> = Promise.resolve(undefined);
  await registry().transaction(async (tx) => {
    await tx.effects.requireClaim(held);
    later = claim(effect);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await tx.effects.complete(held, { ok: true });
  });

  expect(await later).toBeUndefined();
});

it('claims nothing that is done, except to make a version again whose files are gone', async () => {
  const effect = anEffect();
  await complete(await mustClaim(effect));

  expect(await claim(effect)).toBeUndefined();
  expect(await claim(effect, 7)).toBeUndefined();
  expect(await claim(effect, 1)).toMatchObject({ version: 2, token: 2 });
  expect(await registry().effects.find(effect.key)).toMatchObject({ state: 'running', result: null });
});

it('knows whether a claim was committed, for whoever lost the connection meanwhile', async () => {
  const effect = anEffect();
  const held = await mustClaim(effect);
  const before = await registry().effects.wasCommitted(held);
  await complete(held);
  const after = await registry().effects.wasCommitted(held);
  const other = await registry().effects.wasCommitted({ ...held, token: held.token + 1 });

  expect([before, after, other]).toEqual([false, true, false]);
});

it('keeps how each attempt ended, and counts failures by run and code', async () => {
  const effect = anEffect();
  const failure = {
    code: 'TOOL_FAILED',
    message: 'wsclean ended with exit code 1',
    context: { tool: 'wsclean' },
  } as const;
  for (const attempt of [1, 2]) {
    const held = await registry().transaction((tx) => tx.effects.claim(effect, owner(attempt)));
    await registry().effects.fail(held as EffectClaim, 'failed', failure);
  }
  await mustClaim(effect);
  await mustClaim(effect);
  const attempts = await registry().effects.attempts({ workflowIds: ['ms/2026-01-25T22:26:05/v1'] });
  const own = attempts.filter(({ effectKey }) => effectKey === effect.key);

  expect(own.map(({ state, errorCode }) => [state, errorCode])).toEqual([
    ['failed', 'TOOL_FAILED'],
    ['failed', 'TOOL_FAILED'],
    ['lost', null],
    ['running', null],
  ]);
  expect(own[0]).toMatchObject({ stage: 'convert', unit: 'unit', errorContext: { tool: 'wsclean' } });
  expect(await registry().effects.failures(effect.key, 'run-1', 'TOOL_FAILED')).toBe(2);
  expect(await registry().effects.failures(effect.key, 'run-2', 'TOOL_FAILED')).toBe(0);
});

it('does not let an old attempt mark the work of a new one as failed', async () => {
  const effect = anEffect();
  const old = await mustClaim(effect);
  await mustClaim(effect);
  await registry().effects.fail(old, 'failed', { code: 'TOOL_TIMED_OUT', message: 'too late', context: {} });

  expect(await registry().effects.find(effect.key)).toMatchObject({ state: 'running' });
});

it('supersedes the products of an earlier version by those of the same role', async () => {
  const effect = anEffect();
  const versions: string[] = [];
  for (const redo of [undefined, 1]) {
    const held = await mustClaim(effect, redo);
    const product = aProduct({ effect: { key: effect.key, version: held.version } });
    versions.push(product.id);
    await registry().transaction(async (tx) => {
      await tx.effects.requireClaim(held);
      await tx.products.insert(product);
      await tx.products.supersedeEarlier(held);
      await tx.effects.complete(held, {});
    });
  }
  const [first = '', second = ''] = versions;

  expect(await registry().products.require(first)).toMatchObject({ supersededBy: second });
  expect(await registry().products.require(second)).toMatchObject({ supersededBy: null });
  expect((await registry().products.ofEffect(effect.key, 2)).map(({ id }) => id)).toEqual([second]);
});
