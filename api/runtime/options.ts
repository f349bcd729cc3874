/** What the gateway is told when it starts. */
export class GatewayOptions {
  readonly host: string;
  readonly port: number;
  readonly version: string;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly queuePrefix: string;
  readonly logLevel: string;

  constructor(values: GatewayOptions) {
    this.host = values.host;
    this.port = values.port;
    this.version = values.version;
    this.databaseUrl = values.databaseUrl;
    this.temporalAddress = values.temporalAddress;
    this.temporalNamespace = values.temporalNamespace;
    this.queuePrefix = values.queuePrefix;
    this.logLevel = values.logLevel;
  }
}
