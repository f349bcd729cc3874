/** What an activity says with its next heartbeat. */
import { Context } from '@temporalio/activity';

const latest = new WeakMap<Context, unknown>();

/** Sets what the heartbeats of this activity carry from now on: shown in the Temporal UI. */
export const sayInHeartbeat = (details: unknown): void => void latest.set(Context.current(), details);

/** What the next heartbeat of an activity carries. */
export const heartbeatDetails = (context: Context): unknown => latest.get(context);
