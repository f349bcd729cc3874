/**
 * The gateway has no tokens on the loopback, so a page in someone's browser must not be able to reach it: the Host
 * must name this machine (a name of the attacker's that resolves to 127.0.0.1 does not), and so must the Origin.
 */
import { MeridianError } from '../../domain/errors.ts';

const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

export const isLoopbackHost = (host: string): boolean => LOOPBACK.test(host);

/**
 * @throws MeridianError REQUEST_INVALID when a header names another machine.
 */
export function requireLoopback(headers: { host?: string | undefined; origin?: string | undefined }): void {
  if (headers.host === undefined || !isLoopbackHost(headers.host)) {
    throw new ForbiddenHost(`Host ${headers.host ?? '(none)'} is not this machine; use 127.0.0.1 or localhost`);
  }
  if (headers.origin === undefined) return;
  const origin = /^https?:\/\/([^/]+)$/.exec(headers.origin)?.[1];
  if (origin === undefined || !isLoopbackHost(origin)) {
    throw new ForbiddenHost(
      `Origin ${headers.origin} is not this machine; pages of other sites may not call the gateway`,
    );
  }
}

/** Answered as 403 although the code is REQUEST_INVALID. */
export class ForbiddenHost extends MeridianError {
  readonly statusCode = 403;

  constructor(message: string) {
    super('REQUEST_INVALID', message);
  }
}
