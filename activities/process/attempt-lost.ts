/**
 * Reason to abort a caller's signal with when its attempt no longer counts (it timed out, or the server forgot it) but
 * a next attempt for the same work may come. The process then goes on for a while instead of being killed; any other
 * reason is a cancellation.
 */
export class AttemptLost extends Error {
  override readonly name = 'AttemptLost';
}
