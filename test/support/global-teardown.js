/** Runs once, in jest's main process, after all tests. */
export default async function globalTeardown() {
  await globalThis.meridianPostgresBroker.stop();
}
