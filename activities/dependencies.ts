/** What activities are given once, by whoever puts the worker together. */
import type { Client } from '@temporalio/client';
import type { CalibratorCatalog } from '../domain/calibrators.ts';
import type { Registry } from '../registry/index.ts';
import type { StageRunner } from './stage-runner/stage-runner.ts';

export interface ActivityDependencies {
  readonly registry: Registry;
  readonly stages: StageRunner;
  readonly client: Client;
  readonly queuePrefix: string;
  readonly catalog: CalibratorCatalog;
  /** What this worker may give to stages. */
  readonly compute: { readonly cores: number; readonly memoryGb: number };
  /** Absolute folder of published products. */
  readonly publishedFolder: string;
}
