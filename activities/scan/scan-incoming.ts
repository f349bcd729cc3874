/** Looking at the folder of a stream, again and again. */
import type { DataRoot } from '../../registry/index.ts';
import { ONE_PASS_LOOK, WATCHING_LOOK } from './look-rules.ts';
import { RootLook, type LookDependencies, type LookResult } from './root-look.ts';

/**
 * Look at a root as a stream does: record new files, decide groups, set aside what is of no use. Looks at one root
 * follow each other, and share what the last one saw. Call it within an activity.
 *
 * @throws MeridianError FILE_MISSING or FILE_UNREADABLE when the folder cannot be listed.
 */
export type ScanIncoming = (root: DataRoot, options: { readonly once: boolean }) => Promise<LookResult>;

export function createScanIncoming(dependencies: LookDependencies): ScanIncoming {
  const looks = new Map<string, { readonly look: RootLook; last: Promise<unknown> }>();
  return async (root, { once }) => {
    const key = `${root.id} ${once ? 'once' : 'watching'}`;
    const entry = looks.get(key) ?? {
      look: new RootLook(dependencies, root, once ? ONE_PASS_LOOK : WATCHING_LOOK),
      last: Promise.resolve(),
    };
    looks.set(key, entry);
    const result = entry.last.then(() => entry.look.run());
    entry.last = result.catch(() => undefined);
    return result;
  };
}
