import type { JobState } from '../../domain/states.ts';
import type { Defaulted, InstantOrNull, JsonColumn, JsonObject, JsonOrNull, MadeAt } from './columns.ts';

export interface JobsTable {
  id: Defaulted<string>;
  type: string;
  status: Defaulted<JobState>;
  workflowId: string;
  runId: string | null;
  parentId: string | null;
  requestId: string | null;
  parameters: JsonColumn<JsonObject>;
  requestedBy: string;
  priority: Defaulted<number>;
  progress: Defaulted<number>;
  phase: string | null;
  stage: string | null;
  stageStartedAt: InstantOrNull;
  stageFraction: number | null;
  stageSize: Defaulted<number>;
  message: string | null;
  pausedBy: string | null;
  pausedReason: string | null;
  pausedAt: InstantOrNull;
  errorCode: string | null;
  errorMessage: string | null;
  result: JsonOrNull<JsonObject>;
  startedAt: InstantOrNull;
  finishedAt: InstantOrNull;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}

export interface JobPhasesTable {
  jobId: string;
  name: string;
  position: number;
  state: JobState;
  done: Defaulted<number>;
  total: Defaulted<number>;
  message: Defaulted<string>;
  startedAt: InstantOrNull;
  endedAt: InstantOrNull;
}

export interface EventsTable {
  key: Defaulted<string>;
  /** Null only inside the transaction that writes the event. */
  id: Defaulted<number>;
  at: MadeAt;
  kind: string;
  jobId: string | null;
  workflowId: string | null;
  groupId: string | null;
  productId: string | null;
  stage: string | null;
  message: string | null;
  payload: JsonColumn<JsonObject>;
}

export interface AuditLogTable {
  id: Defaulted<string>;
  at: MadeAt;
  actor: string;
  action: string;
  subjectKind: string;
  subjectId: string;
  reason: string | null;
  requestId: string | null;
  details: JsonColumn<JsonObject>;
}
