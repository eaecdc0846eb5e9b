// The certificates that a topic's messages are checked by, fetched from the service itself and from nowhere else.
import { type KeyObject, X509Certificate } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { DeliveryNoticeError } from '../../../application/ports/mail/delivery-reports.js';
import type { Instant } from '../../../domain/instant.js';

const amazonHost = /^sns\.[a-z0-9-]{3,}\.amazonaws\.com(?:\.cn)?$/;
const certificatePath = /^\/SimpleNotificationService-[\w-]{1,100}\.pem$/;
const longestCertificate = 20_000;
const fetchMilliseconds = 5_000;
/** A service has one certificate and, while it changes, two. */
const mostKept = 8;

/**
 * Whether an address is the service's own. `origin` names the service where it is not Amazon's (`http://host:port`);
 * null stands for Amazon's hosts of any region, over https and the usual port.
 */
export function isOfService(address: string, origin: string | null): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') return false;
  if (origin !== null) return url.origin === new URL(origin).origin;
  return url.protocol === 'https:' && url.port === '' && amazonHost.test(url.hostname);
}

/** Whether an address of the service can be a certificate's: its own name, and no question that somebody else words. */
function isCertificateAddress(address: string, origin: string | null): boolean {
  if (!isOfService(address, origin)) return false;
  const { pathname, search, hash } = new URL(address);
  return certificatePath.test(pathname) && search === '' && hash === '';
}

type Certificate = { readonly key: KeyObject; readonly from: number; readonly to: number };

/** The public key of the certificate at an address, at a time in which it is valid. */
export type CertificateKeys = (
  address: string,
  now: Instant,
) => Promise<E.Either<DeliveryNoticeError, KeyObject>>;

const unavailable = (reason: string) => E.left({ type: 'notice_service_unavailable', reason } as const);
const notGenuine = (reason: string) => E.left({ type: 'notice_not_genuine', reason } as const);

/** Keeps certificates that were fetched once; failures are not kept. Many that ask at once share one fetch. */
export function certificateKeys(origin: string | null, fetchFrom: typeof fetch): CertificateKeys {
  const kept = new Map<string, Promise<E.Either<DeliveryNoticeError, Certificate>>>();

  async function fetchCertificate(address: string): Promise<E.Either<DeliveryNoticeError, Certificate>> {
    try {
      const signal = AbortSignal.timeout(fetchMilliseconds);
      const response = await fetchFrom(address, { redirect: 'error', signal });
      const text = await response.text();
      if (!response.ok) return unavailable(`the certificate is answered with ${String(response.status)}`);
      return text.length > longestCertificate
        ? notGenuine('no certificate is that long')
        : certificateOf(text);
    } catch {
      return unavailable('the certificate cannot be fetched');
    }
  }

  async function keptOrFetched(address: string): Promise<E.Either<DeliveryNoticeError, Certificate>> {
    const known = kept.get(address);
    if (known !== undefined) return known;
    const fetched = fetchCertificate(address);
    const [oldest] = kept.keys();
    if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest);
    kept.set(address, fetched);
    const outcome = await fetched;
    if (E.isLeft(outcome) && kept.get(address) === fetched) kept.delete(address);
    return outcome;
  }

  return async (address, now) => {
    if (!isCertificateAddress(address, origin)) return notGenuine('the certificate is not at the service');
    const certificate = await keptOrFetched(address);
    if (E.isLeft(certificate)) return certificate;
    const { key, from, to } = certificate.right;
    return from <= now && now <= to ? E.right(key) : notGenuine('the certificate is not valid now');
  };
}

function certificateOf(pem: string): E.Either<DeliveryNoticeError, Certificate> {
  try {
    const { publicKey: key, validFrom, validTo } = new X509Certificate(pem);
    if (key.asymmetricKeyType !== 'rsa') return notGenuine('the certificate has another kind of key');
    return E.right({ key, from: Date.parse(validFrom), to: Date.parse(validTo) });
  } catch {
    return notGenuine('there is no certificate at that address');
  }
}
