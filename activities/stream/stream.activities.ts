/** The incoming folder, as the stream workflow sees it. */
import type { ActivityDependencies } from '../dependencies.ts';
import type { StreamActivities } from '../interfaces.ts';
import { createScanIncoming } from '../scan/scan-incoming.ts';
import { takeGroups } from './take-groups.ts';

export function createStreamActivities(dependencies: ActivityDependencies): StreamActivities {
  const scanIncoming = createScanIncoming(dependencies);
  return { takeGroups: (input) => takeGroups({ ...dependencies, scanIncoming }, input) };
}
