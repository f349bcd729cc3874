export { EMBEDDED_DATABASE, loadConfig } from './load.ts';
export type { ConfigInputs, MeridianConfig, ResolvedSetting, SettingSource } from './load.ts';
export { CHECKOUT, homeFolder, homePaths } from './paths.ts';
export type { HomePaths } from './paths.ts';
export { readPorts } from './ports.ts';
export type { Ports } from './ports.ts';
export { WORKER_REPORT_SECONDS, readWorkerReport, writeWorkerReport } from './worker-report.ts';
export type { WorkerReport } from './worker-report.ts';
export { SETTING_LEAVES } from './schema.ts';
