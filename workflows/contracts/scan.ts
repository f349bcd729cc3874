/** Looking for new files below the data roots. */
import type { PolicySnapshot } from './policies.ts';

export const SCAN_WORKFLOW = 'scanWorkflow';

export interface ScanInput {
  /** Id of the request: asking again with it gives the same look. */
  readonly requestId: string;
  /** Data root to look at; null: every one. */
  readonly rootId: string | null;
  readonly requestedBy: string;
  readonly policies: PolicySnapshot;
}

/** What a scan found. */
export interface ScanResult {
  readonly files: number;
  readonly newFiles: number;
  readonly brokenFiles: number;
  /** Groups whose list of files changed. */
  readonly groupsChanged: number;
}
