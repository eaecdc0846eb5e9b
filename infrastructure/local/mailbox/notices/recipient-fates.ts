import { bareAddress } from '../addresses.js';
import type { Fate, Mail } from '../records.js';

const simulatorDomain = 'simulator.amazonses.com';
/** The service's own mailboxes for trying things out; `success@` needs no entry. A label (`bounce+7@`) is allowed. */
const simulatorFates: ReadonlyMap<string, Fate> = new Map([
  ['bounce', 'bounced_permanently'],
  ['complaint', 'complained'],
  ['ooto', 'answered'],
  ['suppressionlist', 'suppressed_by_service'],
]);

/** Whether an address is one of the service's own for trying things out; those never get on the suppression list. */
export function isSimulator(recipient: string): boolean {
  return bareAddress(recipient).endsWith(`@${simulatorDomain}`);
}

/**
 * What becomes of a mail at those recipients where it is not simply delivered. The suppression list comes first, then
 * the simulator's addresses, then what was ordered (asked for only where neither decides).
 */
export function fatesOf(
  recipients: readonly string[],
  suppressed: ReadonlyMap<string, number>,
  wishFor: (recipient: string) => Fate | null,
): readonly { readonly recipient: string; readonly fate: Fate }[] {
  return recipients.flatMap((recipient) => {
    const bare = bareAddress(recipient);
    const fate = suppressed.has(bare)
      ? 'suppressed'
      : isSimulator(recipient)
        ? simulatorFates.get(bare.split(/[+@]/)[0] ?? '')
        : wishFor(bare);
    return fate === undefined || fate === null ? [] : [{ recipient, fate }];
  });
}

/** Whether the service did not even try. */
export const isSuppressed = (fate: Fate): boolean =>
  fate === 'suppressed' || fate === 'suppressed_by_service';

/** The recipients whose mailbox a mail never reached. */
export function undeliveredOf(mail: Pick<Mail, 'suppressed' | 'fates'>): ReadonlySet<string> {
  const bounced = (mail.fates ?? []).filter(
    ({ fate }) => fate === 'bounced_permanently' || fate === 'bounced_transiently',
  );
  return new Set([...mail.suppressed, ...bounced.map(({ recipient }) => recipient)]);
}

/** A fate in the words of the pages. */
export const fateWords: Readonly<Record<Fate, string>> = {
  bounced_permanently: 'bounced for good',
  bounced_transiently: 'bounced for now',
  complained: 'delivered, then complained of',
  answered: 'delivered, answered automatically',
  suppressed: 'not sent, on the suppression list',
  suppressed_by_service: "not sent, on the service's suppression list",
};

/** Whether the address is on the account's suppression list from then on, as new accounts have it. */
export const suppresses = (fate: Fate): boolean => fate === 'bounced_permanently' || fate === 'complained';
