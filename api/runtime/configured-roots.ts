/** Registers the data roots of the configuration. The registry may be away when the gateway starts: tried until done. */
import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Registry } from '../../registry/index.ts';
import { resolveFolder } from './data-folder.ts';
import { GatewayOptions } from './options.ts';

const RETRY_MS = 5_000;

@Injectable()
export class ConfiguredRoots implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('data roots');
  private readonly options: GatewayOptions;
  private readonly registry: Registry;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: GatewayOptions, registry: Registry) {
    this.options = options;
    this.registry = registry;
  }

  onApplicationBootstrap(): void {
    void this.register(this.options.dataRoots);
  }

  beforeApplicationShutdown(): void {
    clearTimeout(this.timer);
  }

  private async register(folders: readonly string[]): Promise<void> {
    const failed: string[] = [];
    for (const folder of folders) {
      try {
        await this.registry.dataRoots.register({ path: resolveFolder(folder) });
      } catch (error) {
        this.logger.warn(`${folder}: ${(error as Error).message}`);
        failed.push(folder);
      }
    }
    if (failed.length > 0) this.timer = setTimeout(() => void this.register(failed), RETRY_MS).unref();
  }
}
