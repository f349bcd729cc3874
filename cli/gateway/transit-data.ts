/** What data the registry has for transits, if the services run; nothing is started for it, and nobody waits long. */
import { answerOf, apiClient } from '../../api/client/client.ts';
import type { Schemas } from '../../api/client/client.ts';
import { loadConfig } from '../../config/index.ts';
import { isoFromMjd } from '../../domain/time.ts';
import type { TimeRange } from '../../domain/transits.ts';
import { livingSupervisor } from '../../services/status.ts';

export type RegisteredData = NonNullable<Schemas['Transit']['data']>;

const PATIENCE_MS = 3_000;

/** Data by transit number; null when the registry cannot be asked. */
export async function registeredTransitData(
  name: string,
  range: TimeRange,
  timespanMinutes: number,
): Promise<ReadonlyMap<number, RegisteredData> | null> {
  try {
    const config = loadConfig();
    if (config.gatewayUrl === undefined || livingSupervisor(config) === undefined) return null;
    const query = {
      from_utc: isoFromMjd(range.startMjd),
      to_utc: isoFromMjd(range.endMjd),
      timespan_minutes: timespanMinutes,
    };
    const client = apiClient(config.gatewayUrl, AbortSignal.timeout(PATIENCE_MS));
    const params = { path: { name }, query };
    const { transits } = await answerOf(client.GET('/api/calibrators/{name}/transits', { params }));
    return new Map(transits.flatMap(({ transit_number: number, data }) => (data === null ? [] : [[number, data]])));
  } catch {
    return null;
  }
}
