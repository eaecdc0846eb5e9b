import { addressProblem } from './addresses.js';
import { refused, type ActionOutcome, type Question } from './outcome.js';
import { members } from './parameters.js';
import type { Fate } from './records.js';
import { sendEmail, sendRawEmail } from './sending.js';
import { recipientsOf } from './state.js';
import type { XmlContent } from './xml.js';

const day = 24 * 60 * 60 * 1000;
const quarter = 15 * 60 * 1000;

const actions: ReadonlyMap<string, (question: Question) => ActionOutcome> = new Map([
  ['SendEmail', sendEmail],
  ['SendRawEmail', sendRawEmail],
  ['GetSendQuota', getSendQuota],
  ['GetSendStatistics', getSendStatistics],
  ['GetAccountSendingEnabled', () => shown({ Enabled: 'true' })],
  ['VerifyEmailIdentity', verifyEmailIdentity],
  ['ListIdentities', listIdentities],
  ['GetIdentityVerificationAttributes', getIdentityVerificationAttributes],
]);

/** Decides one request; an action that the mailbox does not have is refused with InvalidAction. */
export function decide(action: string, question: Question): ActionOutcome {
  const known = actions.get(action);
  return known === undefined
    ? refused(
        'InvalidAction',
        `The action ${action === '' ? '(none)' : action.slice(0, 80)} is not known here; known are ${[...actions.keys()].join(', ')}`,
      )
    : known(question);
}

function shown(result: XmlContent): ActionOutcome {
  return { type: 'Done', changes: [], result };
}

function getSendQuota({ state, now }: Question): ActionOutcome {
  let sent = 0;
  for (let index = state.mails.length - 1; index >= 0; index -= 1) {
    const mail = state.mails[index];
    if (mail === undefined || mail.acceptedAt <= now - day) break;
    sent += recipientsOf(mail).length;
  }
  return shown({ Max24HourSend: '50000.0', MaxSendRate: '1000.0', SentLast24Hours: `${sent}.0` });
}

/** Per quarter of an hour over the last two weeks. */
function getSendStatistics({ state, now }: Question): ActionOutcome {
  type Counts = { readonly attempts: number; readonly bounces: number; readonly complaints: number };
  const quarters = new Map<number, Counts>();
  for (let index = state.mails.length - 1; index >= 0; index -= 1) {
    const mail = state.mails[index];
    if (mail === undefined || mail.acceptedAt <= now - 14 * day) break;
    const start = Math.floor(mail.acceptedAt / quarter) * quarter;
    const { attempts, bounces, complaints } = quarters.get(start) ?? {
      attempts: 0,
      bounces: 0,
      complaints: 0,
    };
    const count = (wanted: Fate): number => (mail.fates ?? []).filter(({ fate }) => fate === wanted).length;
    quarters.set(start, {
      attempts: attempts + recipientsOf(mail).length,
      bounces: bounces + count('bounced_permanently') + count('suppressed_by_service'),
      complaints: complaints + count('complained'),
    });
  }
  const points = [...quarters].map(([start, { attempts, bounces, complaints }]) => ({
    Timestamp: new Date(start).toISOString(),
    DeliveryAttempts: String(attempts),
    Bounces: String(bounces),
    Complaints: String(complaints),
    Rejects: '0',
  }));
  return shown({ SendDataPoints: { member: points } });
}

/** There is nobody to click a link in, so an identity is verified at once. */
function verifyEmailIdentity({ parameters, now }: Question): ActionOutcome {
  const identity = parameters.get('EmailAddress') ?? '';
  const problem = addressProblem(identity);
  if (problem !== null) return refused('InvalidParameterValue', problem);
  return {
    type: 'Done',
    changes: [{ type: 'IdentityVerified', identity: identity.trim(), at: now }],
    result: {},
  };
}

function listIdentities({ state, parameters }: Question): ActionOutcome {
  const type = parameters.get('IdentityType');
  const limit = Number(parameters.get('MaxItems') ?? '1000');
  const start = Number(parameters.get('NextToken') ?? '0');
  if (![limit, start].every((value) => Number.isSafeInteger(value) && value >= 0))
    return refused('ValidationError', 'MaxItems is a whole number, NextToken one from an earlier answer');
  const all = type === 'Domain' ? [] : [...state.identities.keys()];
  const next = start + limit;
  return shown({
    Identities: { member: all.slice(start, next) },
    ...(next < all.length ? { NextToken: String(next) } : {}),
  });
}

function getIdentityVerificationAttributes({ state, parameters }: Question): ActionOutcome {
  const known = members(parameters, 'Identities').filter((identity) => state.identities.has(identity));
  const entry = known.map((identity) => ({ key: identity, value: { VerificationStatus: 'Success' } }));
  return shown({ VerificationAttributes: { entry } });
}
