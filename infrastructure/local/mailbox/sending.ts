import { addressProblem, bareAddress, hasControl, isAscii } from './addresses.js';
import { refused, type ActionOutcome, type Question } from './outcome.js';
import { members, namedMembers, type QueryParameters } from './parameters.js';
import type { RawMail } from './raw-mail.js';
import { fatesOf, isSimulator, isSuppressed, suppresses } from './notices/recipient-fates.js';
import type { Change, Mail } from './records.js';
import { recipientsOf } from './state.js';

/** The largest message, in bytes. */
const largestMessage = 10 * 1024 * 1024;
const mostRecipients = 50;

type Content =
  | { readonly type: 'Content'; readonly data: string | null }
  | { readonly type: 'Bad'; readonly problem: string };

/** SendEmail: subject and bodies as parameters. */
export function sendEmail(question: Question): ActionOutcome {
  const { parameters } = question;
  const subject = contentOf(parameters, 'Message.Subject');
  const text = contentOf(parameters, 'Message.Body.Text');
  const html = contentOf(parameters, 'Message.Body.Html');
  for (const content of [subject, text, html])
    if (content.type === 'Bad') return refused('InvalidParameterValue', content.problem);
  if (subject.type === 'Bad' || text.type === 'Bad' || html.type === 'Bad')
    return refused('InvalidParameterValue', 'Message');
  if (subject.data === null) return refused('ValidationError', 'Message.Subject is missing');
  if (text.data === null && html.data === null)
    return refused('ValidationError', 'Message.Body needs Text or Html');
  if (hasControl(subject.data))
    return refused('InvalidParameterValue', 'The subject contains control characters');
  const sizeBytes = [subject.data, text.data ?? '', html.data ?? ''].reduce(
    (sum, part) => sum + Buffer.byteLength(part),
    0,
  );
  return accept(question, tagsOf(parameters, null), {
    action: 'SendEmail',
    from: parameters.get('Source') ?? '',
    returnPath: parameters.get('ReturnPath') ?? null,
    to: [...members(parameters, 'Destination.ToAddresses')],
    cc: [...members(parameters, 'Destination.CcAddresses')],
    bcc: [...members(parameters, 'Destination.BccAddresses')],
    replyTo: [...members(parameters, 'ReplyToAddresses')],
    subject: subject.data,
    text: text.data,
    html: html.data,
    configurationSet: parameters.get('ConfigurationSetName') ?? null,
    headers: [],
    attachments: [],
    sizeBytes,
    source: null,
  });
}

/** SendRawEmail: a whole MIME message. Parameters win over the message's headers, as with the real service. */
export function sendRawEmail(question: Question): ActionOutcome {
  const { parameters, raw } = question;
  if (raw === null) return refused('InvalidParameterValue', 'RawMessage.Data is not a message');
  const header = (name: string): string | null =>
    raw.headers.find((known) => known.name === name)?.value ?? null;
  const destinations = members(parameters, 'Destinations');
  const listed = new Set([...raw.to, ...raw.cc].map(bareAddress));
  return accept(
    question,
    [...tagsOfHeader(header('x-ses-message-tags')), ...namedMembers(parameters, 'Tags')],
    {
      action: 'SendRawEmail',
      from: parameters.get('Source') ?? raw.from ?? '',
      returnPath: header('return-path'),
      to: [...named(raw, 'to', destinations)],
      cc: [...named(raw, 'cc', destinations)],
      bcc:
        destinations.length === 0
          ? [...raw.bcc]
          : destinations.filter((address) => !listed.has(bareAddress(address))),
      replyTo: [...raw.replyTo],
      subject: raw.subject,
      text: raw.text,
      html: raw.html,
      configurationSet: parameters.get('ConfigurationSetName') ?? header('x-ses-configuration-set'),
      headers: raw.headers.map(({ name, value }) => ({ name, value })),
      attachments: raw.attachments.map((attachment) => ({ ...attachment })),
      sizeBytes: raw.sizeBytes,
      source: raw.source,
    },
  );
}

/** With explicit destinations only those receive the mail, whatever its headers say. */
function named(raw: RawMail, header: 'to' | 'cc', destinations: readonly string[]): readonly string[] {
  if (destinations.length === 0) return raw[header];
  const wanted = new Set(destinations.map(bareAddress));
  return raw[header].filter((address) => wanted.has(bareAddress(address)));
}

function accept(
  question: Question,
  tags: readonly { readonly name: string; readonly value: string }[],
  mail: Omit<Mail, 'messageId' | 'acceptedAt' | 'tags' | 'suppressed'>,
): ActionOutcome {
  const problem = mailProblem(mail) ?? tagProblem(tags);
  if (problem !== null) return refused('InvalidParameterValue', problem);
  const fates = fatesOf(recipientsOf(mail), question.state.suppressed, question.wishFor);
  const accepted: Mail = {
    ...mail,
    messageId: question.messageId,
    acceptedAt: question.now,
    tags: Object.fromEntries(tags.map(({ name, value }) => [name, value])),
    suppressed: fates.filter(({ fate }) => isSuppressed(fate)).map(({ recipient }) => recipient),
    ...(fates.length === 0 ? {} : { fates: [...fates] }),
  };
  const suppressions = fates
    .filter(({ recipient, fate }) => suppresses(fate) && !isSimulator(recipient))
    .map(({ recipient }): Change => {
      return { type: 'AddressSuppressed', address: bareAddress(recipient), at: question.now };
    });
  return {
    type: 'Done',
    changes: [{ type: 'MailAccepted', mail: accepted }, ...suppressions],
    result: { MessageId: question.messageId },
  };
}

function mailProblem(mail: Omit<Mail, 'messageId' | 'acceptedAt' | 'tags' | 'suppressed'>): string | null {
  const recipients = recipientsOf(mail);
  if (recipients.length === 0) return 'There is no recipient';
  if (recipients.length > mostRecipients)
    return `There are ${recipients.length} recipients; at most ${mostRecipients} are taken`;
  const sender = addressProblem(mail.from);
  if (sender !== null) return `Source: ${sender}`;
  const wrong =
    [...recipients, ...mail.replyTo].map(addressProblem).find((problem) => problem !== null) ?? null;
  if (wrong !== null) return wrong;
  if (mail.sizeBytes > largestMessage)
    return `The message has ${mail.sizeBytes} bytes; at most ${largestMessage} are taken`;
  if (mail.configurationSet !== null && !/^[\w-]{1,64}$/.test(mail.configurationSet))
    return 'A configuration set is named with letters, digits, _ and -, at most 64';
  return null;
}

function tagProblem(tags: readonly { readonly name: string; readonly value: string }[]): string | null {
  const wrong = tags.find(({ name, value }) => !/^[\w-]{1,256}$/.test(name) || !/^[\w-]{1,256}$/.test(value));
  if (wrong !== undefined)
    return `A tag's name and value are letters, digits, _ and -, at most 256: ${wrong.name.slice(0, 60)}=${wrong.value.slice(0, 60)}`;
  if (new Set(tags.map(({ name }) => name)).size < tags.length) return 'A tag is given twice';
  return tags.length > 50 ? 'There are more than 50 tags' : null;
}

/** A mail's tags: those of its X-SES-MESSAGE-TAGS header (a raw mail's), then those of the request. */
export function tagsOf(
  parameters: QueryParameters,
  raw: RawMail | null,
): readonly { readonly name: string; readonly value: string }[] {
  const header = raw?.headers.find(({ name }) => name === 'x-ses-message-tags')?.value ?? null;
  return [...tagsOfHeader(header), ...namedMembers(parameters, 'Tags')];
}

function tagsOfHeader(header: string | null): readonly { readonly name: string; readonly value: string }[] {
  if (header === null) return [];
  return header
    .split(/[,;]/)
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return { name: name.trim(), value: value.join('=').trim() };
    });
}

/** Without a charset the content must be ASCII; a known charset must be able to carry it. */
function contentOf(parameters: QueryParameters, name: string): Content {
  const data = parameters.get(`${name}.Data`) ?? null;
  if (data === null) return { type: 'Content', data };
  const charset = (parameters.get(`${name}.Charset`) ?? 'US-ASCII').toLowerCase();
  const latest =
    charset === 'us-ascii' || charset === 'ascii'
      ? 127
      : charset === 'iso-8859-1' || charset === 'latin1'
        ? 255
        : null;
  if (latest === null && !isCharset(charset))
    return { type: 'Bad', problem: `${name}: the charset ${charset.slice(0, 40)} is not known` };
  if (
    latest !== null &&
    !isAscii(data) &&
    [...data].some((character) => (character.codePointAt(0) ?? 0) > latest)
  )
    return { type: 'Bad', problem: `${name} has characters that ${charset} cannot carry` };
  return { type: 'Content', data };
}

function isCharset(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}
