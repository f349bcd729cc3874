/** Activities on a real registry and real stages, without Temporal. */
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities, type Activities, type ActivityDependencies } from '../../activities/index.ts';
import { ResourcePool } from '../../activities/process/resource-pool.ts';
import { pythonProgram, SupervisedStageRunner } from '../../activities/stage-runner/index.ts';
import { homeFolder, homePaths } from '../../config/index.ts';
import { shippedCalibrators } from '../../config/shipped-data.ts';
import type { SimulateSpec } from '../../domain/generated/stages.ts';
import type { Registry } from '../../registry/index.ts';
import { activityInterceptors } from '../../worker/activity-interceptor.ts';
import { openTestRegistry } from './postgres.ts';
import { simulateFiles } from './simulated-files.ts';

const INSTALLED = homePaths(homeFolder());

export class ActivityBench {
  readonly home: string;
  readonly registry: Registry;
  readonly activities: Activities;
  readonly dependencies: ActivityDependencies;
  private readonly stages: SupervisedStageRunner;

  constructor(home: string, databaseUrl: string) {
    this.home = home;
    const folder = (name: string): string => join(home, name);
    this.registry = openTestRegistry(databaseUrl, { store: folder('store'), published: folder('published') });
    const compute = { cores: 2, memoryGb: 6 };
    this.stages = new SupervisedStageRunner({
      registry: this.registry,
      program: pythonProgram(INSTALLED),
      folders: { store: folder('store'), staging: folder('staging'), work: folder('work'), logs: folder('logs') },
      resources: new ResourcePool(compute),
      diskFreeMinGb: 0,
    });
    this.dependencies = {
      registry: this.registry,
      stages: this.stages,
      // Only activities that wait for workflows use it; they are tested on a server.
      client: undefined as never,
      queuePrefix: 'bench',
      catalog: shippedCalibrators(),
      compute,
      publishedFolder: folder('published'),
    };
    this.activities = createActivities(this.dependencies);
  }

  /** Runs an activity as a worker would. */
  run<Name extends keyof Activities>(
    name: Name,
    ...args: Parameters<Activities[Name]>
  ): Promise<Awaited<ReturnType<Activities[Name]>>> {
    const activity = this.activities[name] as unknown as (
      ...given: typeof args
    ) => Promise<Awaited<ReturnType<Activities[Name]>>>;
    return this.inActivity(() => activity(...args));
  }

  /** Runs part of an activity where a worker would run it. */
  async inActivity<T>(work: () => Promise<T>): Promise<T> {
    const environment = new MockActivityEnvironment(
      { startToCloseTimeoutMs: 600_000 },
      { interceptors: [activityInterceptors], logger: new DefaultLogger('ERROR') },
    );
    return (await environment.run<[], unknown, () => Promise<unknown>>(work)) as T;
  }

  /** Writes subband files; the folder that holds them. */
  simulate(name: string, spec: SimulateSpec): Promise<string> {
    return simulateFiles(join(this.home, name), spec);
  }

  async close(): Promise<void> {
    await this.stages.close();
    await this.registry.close();
  }
}
