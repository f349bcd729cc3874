/** A look at the data roots for new files. */
import type { ScanInput, ScanResult } from '../contracts/scan.ts';
import { Calls } from '../common/calls.ts';

export async function scanWorkflow(input: ScanInput): Promise<ScanResult> {
  const calls = new Calls(input.policies);
  return calls.compute('inspect', 'Looking for new files').scanDataRoots(input);
}
