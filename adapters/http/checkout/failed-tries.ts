// Failed sign-ins by address, so that one address cannot try the passwords of many accounts; a single account is guarded
// where passwords are checked. Kept in this process: with several behind a load balancer each counts for itself.
import type { Instant } from '../../../domain/instant.js';

/** Failures of one address within a time after which more are refused. */
export type TryLimit = { readonly most: number; readonly seconds: number };

/** 100 failures in 10 minutes: far above what people in one office mistype, far below what guessing needs. */
export const defaultTryLimit: TryLimit = { most: 100, seconds: 600 };

/** Addresses that are remembered; the one that failed first is forgotten for the next. */
const mostAddresses = 20_000;

const groupsOf = (part: string): readonly string[] => (part === '' ? [] : part.split(':'));

/** The network that one party has of its own: an IPv6 address stands for its first 64 bits. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [left = '', right = ''] = address.toLowerCase().split('::');
  const [before, behind] = [groupsOf(left), groupsOf(right)];
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - behind.length) }, () => '0');
  return [...before, ...zeros, ...behind].slice(0, 4).join(':');
}

/** Counts failed tries in windows that begin with an address's first failure. */
export function createFailedTries({ most, seconds }: TryLimit) {
  const windows = new Map<string, { readonly until: number; failures: number }>();

  const windowOf = (network: string, now: Instant) => {
    const window = windows.get(network);
    if (window === undefined || now < window.until) return window;
    windows.delete(network);
    return undefined;
  };

  return {
    /** Seconds until this address may try again; null when it may now. */
    barredFor: (address: string, now: Instant): number | null => {
      const window = windowOf(networkOf(address), now);
      if (window === undefined || window.failures < most) return null;
      return Math.ceil((window.until - now) / 1000);
    },
    count: (address: string, now: Instant): void => {
      const network = networkOf(address);
      const window = windowOf(network, now);
      if (window !== undefined) {
        window.failures += 1;
        return;
      }
      const [oldest] = windows.keys();
      if (windows.size >= mostAddresses && oldest !== undefined) windows.delete(oldest);
      windows.set(network, { until: now + seconds * 1000, failures: 1 });
    },
  };
}
