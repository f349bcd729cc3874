import type { PolicySnapshot } from '../../workflows/contracts/policies.ts';
import type { StoreRoots } from '../../registry/index.ts';

export interface GatewaySettings {
  readonly host: string;
  readonly port: number;
  readonly version: string;
  readonly databaseUrl: string;
  readonly temporal: { readonly address: string; readonly namespace: string; readonly queuePrefix: string };
  /** Time-outs and retries that travel in the input of workflows. */
  readonly stagePolicies: PolicySnapshot;
  readonly storeRoots: StoreRoots;
  /** Data roots of the configuration: registered when the gateway starts. */
  readonly dataRoots: readonly string[];
  /** Compute stages that run side by side: for estimates of time. */
  readonly computeSlots: number;
}

/** What the gateway is told when it starts. */
export class GatewayOptions implements GatewaySettings {
  readonly host: string;
  readonly port: number;
  readonly version: string;
  readonly databaseUrl: string;
  readonly temporal: GatewaySettings['temporal'];
  readonly stagePolicies: PolicySnapshot;
  readonly storeRoots: StoreRoots;
  readonly dataRoots: readonly string[];
  readonly computeSlots: number;

  constructor(settings: GatewaySettings) {
    this.host = settings.host;
    this.port = settings.port;
    this.version = settings.version;
    this.databaseUrl = settings.databaseUrl;
    this.temporal = settings.temporal;
    this.stagePolicies = settings.stagePolicies;
    this.storeRoots = settings.storeRoots;
    this.dataRoots = settings.dataRoots;
    this.computeSlots = settings.computeSlots;
  }
}
