/** Looks at our own two programs. */
import { readWorkerReport } from '../config/index.ts';
import { isAlive, identify } from '../activities/process/proc-table.ts';
import type { Probe } from './service.ts';

const HTTP_MS = 3000;
/** A worker writes its report every two seconds; a loaded machine may delay that. */
const REPORT_STALE_MS = 20_000;

/** Judges the worker by the report it writes about itself. */
export function probeWorker(reportFile: string): Probe {
  const report = readWorkerReport(reportFile);
  const writer = report && identify(report.pid);
  if (!report || !writer || !isAlive(writer))
    return { health: 'starting', detail: 'no report of a running worker yet' };
  const facts = { bundle_hash: report.bundle_hash, running_activities: report.running };
  const ageMs = Date.now() - Date.parse(report.written_at);
  if (ageMs > REPORT_STALE_MS) {
    return { health: 'unhealthy', detail: `no report for ${Math.round(ageMs / 1000)} s`, facts };
  }
  if (report.state !== 'running') return { health: 'starting', detail: `the worker is ${report.state}`, facts };
  return { health: 'healthy', facts };
}

/** Asks the gateway; any answer shows that it is alive, what it says of its own needs makes it healthy or degraded. */
export async function probeGateway(address: string): Promise<Probe> {
  try {
    const response = await fetch(`http://${address}/health`, {
      signal: AbortSignal.timeout(HTTP_MS),
      headers: { connection: 'close' },
    });
    const body = (await response.json()) as { version?: string; status?: string };
    const version = body.version ? { version: body.version } : {};
    if (response.ok) return { health: 'healthy', ...version };
    return { health: 'degraded', detail: `GET /health says ${body.status ?? response.status}`, ...version };
  } catch (error) {
    const { name, message, cause } = error as Error & { cause?: { code?: string } };
    return { health: 'unhealthy', detail: name === 'TimeoutError' ? 'no answer in 3 s' : (cause?.code ?? message) };
  }
}
