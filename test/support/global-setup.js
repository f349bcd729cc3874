/** Runs once, in jest's main process, before all tests. Plain JavaScript: jest loads it without transforming it. */
export default async function globalSetup() {
  const { PostgresBroker } = await import('./postgres-broker.ts');
  globalThis.meridianPostgresBroker = new PostgresBroker();
}
