// One table from what the mail client throws to what the port knows. The service's own texts can quote the mail, so
// only its words for the fault are passed on.
import { SESServiceException } from '@aws-sdk/client-ses';
import type { MailError } from '../../application/ports/mail/mailer.js';

// Not this mail's fault, and nothing was sent: the same mail may go through later.
const laterNames =
  /Throttl|TooManyRequests|RequestLimitExceeded|Paused|AccessDenied|Token|Signature|Credentials|NotAuthorized|ProductionAccess|LimitExceeded/;
const beforeSending: ReadonlySet<unknown> = new Set([
  ...['connect', 'getaddrinfo'],
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
]);

const unavailable = (reason: string): MailError => ({ type: 'mail_service_unavailable', reason });
const outcomeUnknown = (reason: string): MailError => ({ type: 'mail_outcome_unknown', reason });

const serviceError = (error: SESServiceException): MailError => {
  const status = error.$metadata.httpStatusCode ?? 0;
  const reason = `mail service: ${error.name.slice(0, 60)} (HTTP ${String(status)})`;
  if (laterNames.test(error.name)) return unavailable(reason);
  return status >= 400 && status < 500 ? { type: 'mail_refused', reason } : outcomeUnknown(reason);
};

/** The port's error. Whatever is not known to have changed nothing may have sent the mail. */
export const mailError = (error: unknown): MailError => {
  if (error instanceof SESServiceException) return serviceError(error);
  if (!(error instanceof Error)) return outcomeUnknown('mail service: unknown problem');
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const reason = `mail service: ${code.slice(0, 60)}`;
  const call = 'syscall' in error ? error.syscall : undefined;
  const isUnsent = beforeSending.has(call) || beforeSending.has(code) || laterNames.test(error.name);
  return isUnsent ? unavailable(reason) : outcomeUnknown(reason);
};
